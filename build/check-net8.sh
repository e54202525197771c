#!/usr/bin/env bash
# Runs the tests of the core on .NET 8, whose runtime comes with a self-contained build of them.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
project="$root/test/Microsoft.ML.ConvNet.Core.Tests"

try "the tests build for .NET 8" dotnet build "$project" -c Release --self-contained -p:CoreTestsFramework=net8.0 \
  "-p:ArtifactsPath=$scratch/" -p:RunAnalyzers=false -v quiet || exit
tests "on .NET 8" "$scratch"/bin/Microsoft.ML.ConvNet.Core.Tests/*/Microsoft.ML.ConvNet.Core.Tests
complete=yes
