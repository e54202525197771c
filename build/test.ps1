# Builds everything and runs every test; arguments go to dotnet test. Ends with a line that counts all projects' tests.
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'mode.ps1')
dotnet build (Join-Path $root 'Microsoft.ML.ConvNet.sln') -c Release -v quiet -clp:NoSummary
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

$results = Join-Path ([System.IO.Path]::GetTempPath()) ([System.IO.Path]::GetRandomFileName())
$status = 0
$passed = 0
$failed = 0
$total = 0
try {
    foreach ($project in Get-ChildItem (Join-Path $root 'test/*.Tests/*.Tests.csproj')) {
        dotnet test $project.FullName -c Release --no-build --results-directory $results `
            --logger "trx;LogFileName=$($project.BaseName).trx" --logger 'console;verbosity=minimal' @args
        if ($LASTEXITCODE -ne 0) { $status = 1 }
    }

    foreach ($file in Get-ChildItem $results -Filter '*.trx' -ErrorAction SilentlyContinue) {
        $counters = ([xml](Get-Content $file.FullName)).TestRun.ResultSummary.Counters
        $total += [int]$counters.total
        $passed += [int]$counters.passed
        $failed += [int]$counters.failed + [int]$counters.error + [int]$counters.timeout + [int]$counters.aborted
    }
}
finally {
    Remove-Item $results -Recurse -Force -ErrorAction SilentlyContinue
}

if ($passed -eq 0) {
    Write-Host 'No test passed: nothing was tested.'
    $status = 1
}

Write-Host "$passed passed, $failed failed, $($total - $passed - $failed) skipped"
exit $status
