#!/usr/bin/env bash
# Runs the engine beside LibTorch and ONNX Runtime, both from NuGet: [--only NAME]... [--json FILE] [--check].
# LibTorch wants the C++ library of GCC 13 or later. Where the system's is older, either set LD_LIBRARY_PATH to a folder with a newer
# libstdc++.so.6 that the system's C library can load, or CONVNET_PEERS_PREFIX to a command that runs another with newer libraries.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

peers="$root/test/Microsoft.ML.ConvNet.Benchmarks.Peers"
dotnet build "$peers" -c Release -v quiet -clp:NoSummary -p:RunAnalyzers=false
read -r -a prefix <<< "${CONVNET_PEERS_PREFIX:-}"
exec ${prefix[@]+"${prefix[@]}"} dotnet run --project "$peers" -c Release --no-build -- compare "$@"
