#!/usr/bin/env bash
# Runs tests of the kernels on Arm64 by emulation (qemu): the tier of 128 bits with AdvSimd. Emulation is some ten times slower, so these are the
# classes whose tests take little: not convolutions, Winograd's transforms and whole networks, which take the same tier's code paths elsewhere.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
classes=(SimdTests VectorMathTests ElementwiseTests OptimizerUpdatesTests ReductionTests ArrayKernelTests MatrixProductTests PoolingTests)
project="$root/test/Microsoft.ML.ConvNet.Core.Tests"
options=(-p:CoreTestsRuntime=linux-arm64)
program="$scratch/artifacts/bin/Microsoft.ML.ConvNet.Core.Tests/release_linux-arm64/Microsoft.ML.ConvNet.Core.Tests"

if [ "$(uname -s)" != Linux ] || ! install_packages qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross; then
  skip "Arm64" "${missing:-qemu emulates a Linux program only on Linux}"
  complete=yes
  exit
fi

restore_or_skip "Arm64" "$project" "${options[@]}"
try "the tests build for Arm64" dotnet build "$project" -c Release "${options[@]}" -p:RunAnalyzers=false -v quiet || exit
# Under emulation code that is written while the program runs goes wrong: the tests' project has reflection interpreted there, methods are compiled
# once, and there is memory for a run without a collection.
export DOTNET_TieredCompilation=0 DOTNET_gcServer=0 DOTNET_gcConcurrent=0 DOTNET_GCHeapHardLimit=0x100000000 DOTNET_GCgen0size=0xC0000000
filter="$(printf '|FullyQualifiedName~.%s.' "${classes[@]}")"
tests "on Arm64" timeout 300 qemu-aarch64-static -cpu max -L /usr/aarch64-linux-gnu "$program" --filter "${filter:1}"
complete=yes
