# Builds everything and runs every test; arguments go to dotnet test. Ends with a line that counts all projects' tests.
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'mode.ps1')
dotnet build (Join-Path $root 'Microsoft.ML.ConvNet.sln') -c Release -v quiet -clp:NoSummary
if ($LASTEXITCODE -ne 0) {
    Write-Host 'The build failed: no test was run.'
    Write-Host '0 passed, 1 failed, 0 skipped'
    exit 1
}

# ONNX Runtime reads what is exported; the tests that need it are inconclusive where it cannot be had.
$modules = Join-Path $root 'artifacts/peers'
if (-not (Test-Path (Join-Path $modules 'node_modules/onnxruntime-node'))) {
    if ((Get-Command node -ErrorAction SilentlyContinue) -and (Get-Command npm -ErrorAction SilentlyContinue)) {
        npm install --prefix $modules --no-save --ignore-scripts --no-audit --no-fund --loglevel=error 'onnxruntime-node@1.30.0'
    }
    else {
        Write-Host 'ONNX Runtime is not here: tests of exported models with it are skipped. They need node and npm.'
    }
}

$results = Join-Path ([System.IO.Path]::GetTempPath()) ([System.IO.Path]::GetRandomFileName())
$status = 0
$passed = 0
$failed = 0
$total = 0
$died = 0 # test hosts that died: a failure each, though no test's result says so
try {
    foreach ($project in Get-ChildItem (Join-Path $root 'test/*.Tests/*.Tests.csproj')) {
        dotnet test $project.FullName -c Release --no-build --results-directory $results `
            --logger "trx;LogFileName=$($project.BaseName).trx" --logger 'console;verbosity=minimal' @args
        $succeeded = $LASTEXITCODE -eq 0

        $failedHere = 0
        $file = Join-Path $results "$($project.BaseName).trx"
        if (Test-Path $file) {
            # Read as text: a file that was cut short still counts for what it has.
            $counters = [regex]::Match((Get-Content $file -Raw -Encoding UTF8), '<Counters [^>]*>').Value
            $count = @{}
            foreach ($match in [regex]::Matches($counters, '(\w+)="(\d+)"')) {
                $count[$match.Groups[1].Value] = [int]$match.Groups[2].Value
            }

            $failedHere = [int]$count['failed'] + [int]$count['error'] + [int]$count['timeout'] + [int]$count['aborted']
            $total += [int]$count['total']
            $passed += [int]$count['passed']
            $failed += $failedHere
        }

        if (-not $succeeded) {
            $status = 1
            if ($failedHere -eq 0) {
                Write-Host "$($project.BaseName): dotnet test failed, and no test's result says why: counted as one failure."
                $died += 1
            }
        }
    }
}
finally {
    Remove-Item $results -Recurse -Force -ErrorAction SilentlyContinue
}

if ($passed -eq 0) {
    Write-Host 'No test passed: nothing was tested.'
    $status = 1
}

Write-Host "$passed passed, $($failed + $died) failed, $($total - $passed - $failed) skipped"
exit $status
