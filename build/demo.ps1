# Trains, evaluates, saves, reloads and predicts in an ML.NET pipeline; arguments go to convnet demo.
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'mode.ps1')
$cli = Join-Path $root 'src/Microsoft.ML.ConvNet.Cli/Microsoft.ML.ConvNet.Cli.csproj'
# The analyzers are for those who change the code, and take longer than the compiler.
dotnet build $cli -c Release -v quiet -clp:NoSummary -p:RunAnalyzers=false
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
dotnet run --project $cli -c Release --no-build -- demo @args
exit $LASTEXITCODE
