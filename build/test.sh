#!/usr/bin/env bash
# Builds everything and runs every test; arguments go to dotnet test. Ends with a line that counts all projects' tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/mode.sh"
dotnet build "$root/Microsoft.ML.ConvNet.sln" -c Release -v quiet -clp:NoSummary

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
status=0
for project in "$root"/test/*.Tests/*.Tests.csproj; do
  name="$(basename "$project" .csproj)"
  dotnet test "$project" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
    --logger "console;verbosity=minimal" "$@" || status=1
done

count() { # the sum of one counter over the result files
  cat "$results"/*.trx 2> /dev/null | grep -o '<Counters [^>]*>' | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }' || true
}
total="$(count total)"
passed="$(count passed)"
failed="$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))"
if [ "$passed" -eq 0 ]; then
  echo "No test passed: nothing was tested." >&2
  status=1
fi
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
