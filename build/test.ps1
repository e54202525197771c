# Builds everything and runs every test; arguments go to dotnet test. Ends with a line that counts all projects' tests.
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_CLI_UI_LANGUAGE = 'en'

# A filter may leave a project without a test, which is exit code 8: that is a failure where there is none, or where it leaves none at all.
$more = @(if ($args -match '^--filter') { '--ignore-exit-code'; '8' })
dotnet test --solution (Join-Path $root 'Microsoft.ML.ConvNet.sln') -c Release --max-parallel-test-modules 1 --no-progress @more @args |
    Tee-Object -Variable log
$status = $LASTEXITCODE

function Get-Count([string] $name) { # of the summary at the end
    $lines = @($log | Select-String -Pattern "^\s*${name}: (\d+)")
    if ($lines.Count -gt 0) { [int]$lines[-1].Matches[0].Groups[1].Value } else { 0 }
}

$failed = Get-Count 'failed'
$passed = Get-Count 'succeeded'
# A build that failed, a test program that died, and a run of no test are failures, though no test says so.
if ($failed -eq 0 -and ($status -ne 0 -or $passed -eq 0)) { $failed = 1 }
Write-Output "$passed passed, $failed failed, $(Get-Count 'skipped') skipped"
exit [int]($failed -gt 0)
