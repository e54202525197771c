#!/usr/bin/env bash
# Installs ONNX Runtime for Node.js into artifacts/peers, where it is absent: what exported models are checked with. Needs node and npm.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
onnxruntime=1.30.0
modules="$root/artifacts/peers"

if NODE_PATH="$modules/node_modules" node -e "require('onnxruntime-node')" > /dev/null 2>&1; then
  exit 0
fi

echo "Installing onnxruntime-node $onnxruntime."
mkdir -p "$modules"
npm install --prefix "$modules" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "onnxruntime-node@$onnxruntime"
