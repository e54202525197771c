#!/usr/bin/env bash
# Trains, evaluates, saves, reloads and predicts in an ML.NET pipeline; arguments go to convnet demo.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/mode.sh"
cli="$root/src/Microsoft.ML.ConvNet.Cli/Microsoft.ML.ConvNet.Cli.csproj"
dotnet build "$cli" -c Release -v quiet -clp:NoSummary
exec dotnet run --project "$cli" -c Release --no-build -- demo "$@"
