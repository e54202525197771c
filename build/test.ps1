# Builds everything and runs every test; arguments go to dotnet test. Ends with a line that counts all projects' tests.
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_CLI_UI_LANGUAGE = 'en'

dotnet test --solution (Join-Path $root 'Microsoft.ML.ConvNet.sln') -c Release --max-parallel-test-modules 1 --no-progress @args |
    Tee-Object -Variable log
$status = $LASTEXITCODE

function Get-Count([string] $name) { # of the summary at the end
    $lines = @($log | Select-String -Pattern "^\s*${name}: (\d+)")
    if ($lines.Count -gt 0) { [int]$lines[-1].Matches[0].Groups[1].Value } else { 0 }
}

$failed = Get-Count 'failed'
# A build that failed, or a test program that died, is a failure though no test says so.
if ($status -ne 0 -and $failed -eq 0) { $failed = 1 }
Write-Output "$(Get-Count 'succeeded') passed, $failed failed, $(Get-Count 'skipped') skipped"
exit $status
