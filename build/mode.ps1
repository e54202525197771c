# Dot-sourced by the scripts beside it. Finds out whether ML.NET's packages can be restored here, remembers the answer in
# build/mode.props, which every project imports, and so decides between package mode and offline mode.
# CONVNET_MLNET=package or =offline decides without asking; =probe asks again.

$root = (Resolve-Path (Join-Path $PSScriptRoot '..')).Path
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

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

switch ($env:CONVNET_MLNET) {
    { $_ -in 'package', 'offline' } { Save-Mode $_; break }
    { [string]::IsNullOrEmpty($_) -or $_ -eq 'probe' } {
        if ($_ -eq 'probe' -or -not (Test-Path (Join-Path $root 'build/mode.props'))) {
            dotnet restore (Join-Path $root 'build/probe/Probe.csproj') -p:MLNetOffline=false -v quiet *> $null
            if ($LASTEXITCODE -eq 0) {
                Save-Mode 'package'
                Write-Host "ML.NET's packages can be restored: building against them (package mode)."
            }
            else {
                Save-Mode 'offline'
                Write-Host "ML.NET's packages cannot be restored here: building against the stand-in under build/offline (offline mode)."
            }
        }
        break
    }
    default { throw "CONVNET_MLNET is package, offline or probe. Received: $env:CONVNET_MLNET." }
}
