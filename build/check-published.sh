#!/usr/bin/env bash
# Publishes a program with the core alone trimmed, and as native code for the narrowest SIMD tier and the widest, and compares what it computes
# with what the program as it is built computes in the same tier. Warnings of the trimmer and of the compiler are errors.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
project="$root/test/Microsoft.ML.ConvNet.Core.Published"
options=(-c Release -p:RunAnalyzers=false -v quiet)

same_lines() {
  dotnet "$scratch/built/published.dll" > "$scratch/built.txt" || return
  "$scratch/trimmed/published" > "$scratch/trimmed.txt" && cat "$scratch/trimmed.txt" && cmp "$scratch/built.txt" "$scratch/trimmed.txt"
}

restore_or_skip "Trimming" "$project" -p:PublishedAs=trimmed
try "the program builds" dotnet build "$project" "${options[@]}" -o "$scratch/built" || exit
try "it is published trimmed" dotnet publish "$project" "${options[@]}" -p:PublishedAs=trimmed -o "$scratch/trimmed" \
  && try "trimmed it computes the same bits" same_lines

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
# As somebody publishes who says nothing, it has the tier of 128 bits.
try "as published by default the bits are the JIT's in that tier" compare default "" DOTNET_EnableAVX2=0
if has avx512bw; then
  try "with AVX-512 the bits are the JIT's" compare avx512 -p:IlcInstructionSet=x86-64-v4 ""
elif has avx2; then
  try "with AVX2 the bits are the JIT's" compare avx2 -p:IlcInstructionSet=x86-64-v3 ""
else
  skip "Native AOT of wider tiers" "this processor has none"
fi
complete=yes
