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

# A name, what is said to the native compiler, and what hides from the JIT the instructions that the native program does without.
compare() {
  local name="$1" said="$2" hidden="$3"
  dotnet publish "$project" "${options[@]}" -p:PublishedAs=native $said -o "$scratch/$name" || return
  "$scratch/$name/published" > "$scratch/$name.txt" || return
  env $hidden dotnet "$scratch/built/published.dll" > "$scratch/jit.txt" || return
  cat "$scratch/$name.txt" "$scratch/jit.txt"
  cmp "$scratch/jit.txt" "$scratch/$name.txt"
}

has() { grep -qw "$1" /proc/cpuinfo; }

restore_or_skip "Native AOT" "$project" -p:PublishedAs=native
try "the program builds" dotnet build "$project" "${options[@]}" -o "$scratch/built" || exit
# As somebody publishes who says nothing, it has the tier of 128 bits.
try "as published by default the bits are the JIT's in that tier" compare default "" DOTNET_EnableAVX2=0
if has avx2; then
  try "with AVX2 the bits are the JIT's" compare avx2 -p:IlcInstructionSet=x86-64-v3 DOTNET_EnableAVX512=0
else
  skip "Native AOT with AVX2" "this processor has none"
fi
if has avx512bw; then
  try "with AVX-512 the bits are the JIT's" compare avx512 -p:IlcInstructionSet=x86-64-v4 ""
else
  skip "Native AOT with AVX-512" "this processor has none"
fi
complete=yes
