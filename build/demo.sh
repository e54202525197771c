#!/usr/bin/env bash
# Trains, evaluates, saves, reloads and predicts in an ML.NET pipeline; arguments go to convnet demo.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/mode.sh"
cli="$root/src/Microsoft.ML.ConvNet.Cli/Microsoft.ML.ConvNet.Cli.csproj"
# The analyzers are for those who change the code, and take longer than the compiler.
dotnet build "$cli" -c Release -v quiet -clp:NoSummary -p:RunAnalyzers=false
exec dotnet run --project "$cli" -c Release --no-build -- demo "$@"
