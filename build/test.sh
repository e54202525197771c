#!/usr/bin/env bash
# Builds everything and runs every test; arguments go to dotnet test. Ends with a line that counts all projects' tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/mode.sh"
if ! dotnet build "$root/Microsoft.ML.ConvNet.sln" -c Release -v quiet -clp:NoSummary; then
  echo "The build failed: no test was run." >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# ONNX Runtime reads what is exported; the tests that need it are inconclusive where it cannot be had.
if ! { command -v node && command -v npm; } > /dev/null 2>&1 || ! "$root/build/onnxruntime.sh"; then
  echo "ONNX Runtime is not here: tests of exported models with it are skipped. They need node and npm."
fi

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT

count() { # count COUNTER FILE...: the sum of one counter over result files, of which some may not have been written
  local counter="$1"
  shift
  cat "$@" 2> /dev/null | grep -o '<Counters [^>]*>' | grep -o " $counter=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }' || true
}

count_failed() { echo "$(($(count failed "$@") + $(count error "$@") + $(count timeout "$@") + $(count aborted "$@")))"; }

status=0
died=0 # test hosts that died: a failure each, though no test's result says so
for project in "$root"/test/*.Tests/*.Tests.csproj; do
  name="$(basename "$project" .csproj)"
  if ! dotnet test "$project" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
    --logger "console;verbosity=minimal" "$@"; then
    status=1
    if [ "$(count_failed "$results/$name.trx")" -eq 0 ]; then
      echo "$name: dotnet test failed, and no test's result says why: counted as one failure." >&2
      died=$((died + 1))
    fi
  fi
done

total="$(count total "$results"/*.trx)"
passed="$(count passed "$results"/*.trx)"
failed="$(count_failed "$results"/*.trx)"
if [ "$passed" -eq 0 ]; then
  echo "No test passed: nothing was tested." >&2
  status=1
fi
echo "$passed passed, $((failed + died)) failed, $((total - passed - failed)) skipped"
exit "$status"
