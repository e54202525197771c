#!/usr/bin/env bash
# Builds everything; arguments go to dotnet build.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/mode.sh"
dotnet build "$root/Microsoft.ML.ConvNet.sln" -c Release "$@"
