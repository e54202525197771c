#!/usr/bin/env bash
# Runs every architecture of the Zoo once at full size and writes docs/ZOO.md; with --only NAME, once or more, it prints those rows only.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
benchmarks="$root/test/Microsoft.ML.ConvNet.Benchmarks/Microsoft.ML.ConvNet.Benchmarks.csproj"
dotnet build "$benchmarks" -c Release -v quiet -clp:NoSummary -p:RunAnalyzers=false
if [ "$#" -eq 0 ]; then set -- --out "$root/docs/ZOO.md"; fi
exec dotnet run --project "$benchmarks" -c Release --no-build -- zoo "$@"
