#!/usr/bin/env bash
# Builds the site of the documentation into artifacts/docs: the public API of the libraries, and the pages in Markdown.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$root"
dotnet tool restore
dotnet restore src/Microsoft.ML.ConvNet.Onnx -v quiet
rm -rf artifacts/docs artifacts/docs-metadata
dotnet docfx build/docfx/docfx.json
echo "artifacts/docs/index.html"
