#!/usr/bin/env bash
# Writes the public members of the libraries anew, one a line, into each library's PublicAPI.Unshipped.txt, which the build is held to.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
libraries=(Microsoft.ML.ConvNet.Core Microsoft.ML.ConvNet Microsoft.ML.ConvNet.Onnx)
scratch="$(mktemp -d)"
complete=
finish() { # a build that fails leaves the lists as they were
  for library in "${libraries[@]}"; do
    if [ -z "$complete" ] && [ -e "$scratch/$library.txt" ]; then cp "$scratch/$library.txt" "$root/src/$library/PublicAPI.Unshipped.txt"; fi
  done
  rm -rf "$scratch"
}
trap finish EXIT

# With an empty list the analyzer names every public member that has not shipped, in the form in which it wants it, in the compiler's log
# for other tools.
for library in "${libraries[@]}"; do
  members="$root/src/$library/PublicAPI.Unshipped.txt"
  if [ -e "$members" ]; then cp "$members" "$scratch/$library.txt"; fi
  echo '#nullable enable' > "$members"
done
dotnet build "$root/src/Microsoft.ML.ConvNet.Onnx" -c Release -f net10.0 -v quiet -clp:ErrorsOnly "-p:PublicApiLogs=$scratch" \
  "-p:ArtifactsPath=$scratch/artifacts/" -p:TreatWarningsAsErrors=false -p:EnableNETAnalyzers=false -p:EnforceCodeStyleInBuild=false

for library in "${libraries[@]}"; do
  members="$root/src/$library/PublicAPI.Unshipped.txt"
  grep -oE '"APIName": "(\\.|[^"\\])*"' "$scratch/$library.sarif" | sed -E 's/^"APIName": "(.*)"$/\1/; s/\\(.)/\1/g' | LC_ALL=C sort -u >> "$members"
  echo "$library: $(($(wc -l < "$members") - 1)) public members"
done
complete=yes
