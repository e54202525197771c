# Dot-sourced by the scripts beside it. Finds out whether ML.NET's packages can be restored here, remembers the answer in
# build/mode.props, which every project imports, and so decides between package mode and offline mode.
# CONVNET_MLNET=package or =offline decides without asking; =probe asks again.

$root = (Resolve-Path (Join-Path $PSScriptRoot '..')).Path
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
# The scripts look at exit codes themselves.
$PSNativeCommandUseErrorActionPreference = $false

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    throw 'The .NET 10 SDK is needed, and there is no dotnet on the PATH.'
}

function Save-Mode([string] $mode) {
    $offline = if ($mode -eq 'offline') { 'true' } else { 'false' }
    $text = @"
<Project>
  <PropertyGroup>
    <MLNetOffline Condition="'`$(MLNetOffline)' == ''">$offline</MLNetOffline>
  </PropertyGroup>
</Project>
"@
    Set-Content -Path (Join-Path $root 'build/mode.props') -Value $text
}

function Find-Mode {
    # Windows PowerShell takes a line on a redirected standard error for an error, at which 'Stop' would stop.
    $ErrorActionPreference = 'Continue'
    $restored = dotnet restore (Join-Path $root 'build/probe/Probe.csproj') -p:MLNetOffline=false -v quiet 2>&1 | ForEach-Object { "$_" } | Out-String
    if ($LASTEXITCODE -eq 0) {
        Save-Mode 'package'
        Write-Host "ML.NET's packages can be restored: building against them (package mode)."
    }
    elseif ($restored -match 'NU1100|NU1101|NU1102|NU1103|NU1301') {
        # The sources do not have the packages, or cannot be reached.
        Save-Mode 'offline'
        Write-Host "ML.NET's packages cannot be restored here: building against the stand-in under build/offline (offline mode). (CONVNET_MLNET=probe asks again)"
    }
    else {
        Write-Host $restored
        throw "Whether ML.NET's packages can be restored could not be found out: see above. CONVNET_MLNET=offline builds without them."
    }
}

$choice = "$env:CONVNET_MLNET"
if ($choice -in 'package', 'offline') {
    Save-Mode $choice
}
elseif ($choice -eq 'probe') {
    Find-Mode
}
elseif ($choice -ne '') {
    throw "CONVNET_MLNET is package, offline or probe. Received: $choice."
}
elseif (-not (Test-Path (Join-Path $root 'build/mode.props'))) {
    Find-Mode
}
