#!/usr/bin/env bash
# Runs the tests of the pack against the newest ML.NET that it supports; the ordinary ones run against the oldest. Packages are always packed against the oldest.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

project="$root/test/Microsoft.ML.ConvNet.Tests"

restore_or_skip "ML.NET 6.0.0" "$project" -p:MLNetVersion=6.0.0
tests "the pack on ML.NET 6.0.0" dotnet test --project "$project" -c Release -p:MLNetVersion=6.0.0 \
  -p:RunAnalyzers=false --no-progress --filter 'FullyQualifiedName!~Packaging'
complete=yes
