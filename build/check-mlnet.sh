#!/usr/bin/env bash
# Runs the tests of the pack against the newest ML.NET that it supports; the ordinary ones run against the oldest. Packages are always packed against the oldest.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

tests "the pack on ML.NET 6.0.0" dotnet test --project "$root/test/Microsoft.ML.ConvNet.Tests" -c Release -p:MLNetVersion=6.0.0 \
  "-p:ArtifactsPath=$scratch/" -p:RunAnalyzers=false --no-progress --filter 'FullyQualifiedName!~Packaging'
complete=yes
