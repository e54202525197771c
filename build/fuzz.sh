#!/usr/bin/env bash
# Gives changed files of every format, and random networks, to the libraries for N minutes; each input has a number and is always the same.
# With --target NAME only those of one kind; with --target NAME --first NUMBER and no minutes that one input.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
project="$root/test/Microsoft.ML.ConvNet.Fuzz.Tests"
if [ "$#" -eq 0 ]; then set -- --minutes 10; fi
dotnet build "$project" -c Release -v quiet -clp:NoSummary -p:RunAnalyzers=false
exec dotnet run --project "$project" -c Release --no-build -- long "$@"
