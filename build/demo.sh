#!/usr/bin/env bash
# Trains, evaluates, saves, reloads and predicts in an ML.NET pipeline; arguments go to convnet demo.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# The analyzers are for those who change the code, and take longer than the compiler.
exec dotnet run --project "$root/src/Microsoft.ML.ConvNet.Cli" -c Release -p:RunAnalyzers=false -- demo "$@"
