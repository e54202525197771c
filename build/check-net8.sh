#!/usr/bin/env bash
# Runs the tests of the core on .NET 8, whose runtime comes with a self-contained build of them. Left out are those of files of gigabytes, which
# try names and numbers of the library that are the same in every runtime.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

project="$root/test/Microsoft.ML.ConvNet.Core.Tests"
options=(-p:CoreTestsFramework=net8.0)

restore_or_skip ".NET 8" "$project" "${options[@]}"
try "the tests build for .NET 8" dotnet build "$project" -c Release "${options[@]}" -p:RunAnalyzers=false -v quiet || exit
tests "on .NET 8" "$scratch/artifacts/bin/Microsoft.ML.ConvNet.Core.Tests/release_net8.0/Microsoft.ML.ConvNet.Core.Tests" \
  --filter 'FullyQualifiedName!~.TorchvisionWeightsTests.&FullyQualifiedName!~.LargeSafeTensorsTests.'
complete=yes
