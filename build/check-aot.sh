#!/usr/bin/env bash
# Compiles a program with the core alone to native code, for each SIMD tier that this processor has, and compares what it computes with
# what the JIT's code computes in the same tier. Warnings of the compiler are errors.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
project="$root/test/Microsoft.ML.ConvNet.Core.Published"
options=(-c Release -p:RunAnalyzers=false -v quiet)

if [ "$(uname -sm)" != "Linux x86_64" ]; then
  skip "Native AOT" "its tiers are known for Linux on x64 only"
  complete=yes
  exit
fi
if ! { command -v gcc > /dev/null && [ -e /usr/include/zlib.h ]; } && ! install_packages gcc libc6-dev zlib1g-dev; then
  skip "Native AOT" "$missing"
  complete=yes
  exit
fi

# Instruction set, what hides the wider ones from the JIT, and the vector width of both.
compare() {
  local instructions="$1" hidden="$2" bits="$3"
  dotnet publish "$project" "${options[@]}" -p:PublishedAs=native "-p:IlcInstructionSet=$instructions" \
    -o "$scratch/$instructions" || return
  "$scratch/$instructions/published" > "$scratch/$instructions.txt" || return
  env $hidden dotnet "$scratch/built/published.dll" > "$scratch/jit.txt" || return
  cat "$scratch/$instructions.txt" "$scratch/jit.txt"
  grep -q "^$bits bits" "$scratch/jit.txt" && cmp "$scratch/jit.txt" "$scratch/$instructions.txt"
}

has() { grep -qw "$1" /proc/cpuinfo; }

try "the program builds" dotnet build "$project" "${options[@]}" -o "$scratch/built" || exit
try "without AVX the bits are the JIT's" compare x86-64-v2 DOTNET_EnableAVX2=0 128
if has avx2; then
  try "with AVX2 the bits are the JIT's" compare x86-64-v3 DOTNET_EnableAVX512=0 256
else
  skip "with AVX2" "this processor has none"
fi
if has avx512bw; then
  try "with AVX-512 the bits are the JIT's" compare x86-64-v4 "" 512
else
  skip "with AVX-512" "this processor has none"
fi
complete=yes
