#!/usr/bin/env bash
# Runs the engine beside PyTorch and ONNX Runtime; arguments go to the benchmarks' command peers: [--only NAME]... [--json FILE].
# Installs what is absent: from Debian PyTorch, torchvision and OpenBLAS, without which that PyTorch multiplies matrices with a reference
# implementation; from npm ONNX Runtime, into artifacts/peers.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

install_packages() {
  if ! command -v apt-get > /dev/null; then
    echo "Missing: $*. They are Debian's packages, and there is no apt-get here." >&2
    exit 1
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  echo "Installing $*."
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

has_torch() {
  local python
  for python in /usr/bin/python3 python3; do
    if "$python" -c 'import torch, torchvision' > /dev/null 2>&1; then return 0; fi
  done
  return 1
}

missing=()
if ! has_torch; then missing+=(python3-torch python3-torchvision); fi
if ! compgen -G '/usr/lib/*/openblas-openmp' > /dev/null; then missing+=(libopenblas0-openmp); fi
if ! command -v node > /dev/null; then missing+=(nodejs); fi
if ! command -v npm > /dev/null; then missing+=(npm); fi
if [ "${#missing[@]}" -gt 0 ]; then install_packages "${missing[@]}"; fi

"$root/build/onnxruntime.sh"

benchmarks="$root/test/Microsoft.ML.ConvNet.Benchmarks/Microsoft.ML.ConvNet.Benchmarks.csproj"
dotnet build "$benchmarks" -c Release -v quiet -clp:NoSummary -p:RunAnalyzers=false
exec dotnet run --project "$benchmarks" -c Release --no-build -- peers "$@"
