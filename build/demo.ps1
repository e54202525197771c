# Trains, evaluates, saves, reloads and predicts in an ML.NET pipeline; arguments go to convnet demo.
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'mode.ps1')
$cli = Join-Path $root 'src/Microsoft.ML.ConvNet.Cli/Microsoft.ML.ConvNet.Cli.csproj'
dotnet build $cli -c Release -v quiet -clp:NoSummary
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
dotnet run --project $cli -c Release --no-build -- demo @args
exit $LASTEXITCODE
