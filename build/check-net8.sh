#!/usr/bin/env bash
# Runs the tests of the core on .NET 8, whose runtime comes with a self-contained build of them.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

try "the tests build for .NET 8" dotnet build "$root/test/Microsoft.ML.ConvNet.Core.Tests" -c Release -p:CoreTestsFramework=net8.0 \
  -p:RunAnalyzers=false -v quiet || exit
tests "on .NET 8" "$root/artifacts/bin/Microsoft.ML.ConvNet.Core.Tests/release_net8.0/Microsoft.ML.ConvNet.Core.Tests"
complete=yes
