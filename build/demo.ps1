# Trains, evaluates, saves, reloads and predicts in an ML.NET pipeline; arguments go to convnet demo.
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
# The analyzers are for those who change the code, and take longer than the compiler.
dotnet run --project (Join-Path $root 'src/Microsoft.ML.ConvNet.Cli') -c Release -p:RunAnalyzers=false -- demo @args
exit $LASTEXITCODE
