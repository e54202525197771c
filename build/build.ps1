# Builds everything; arguments go to dotnet build.
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'mode.ps1')
dotnet build (Join-Path $root 'Microsoft.ML.ConvNet.sln') -c Release @args
exit $LASTEXITCODE
