#!/usr/bin/env bash
# Builds everything and runs every test; arguments go to dotnet test. Ends with a line that counts all projects' tests.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
status=0
# A filter may leave a project without a test, which is exit code 8: that is a failure where there is none, or where it leaves none at all.
case " $* " in *" --filter"*) set -- --ignore-exit-code 8 "$@" ;; esac
dotnet test --solution "$root/Microsoft.ML.ConvNet.sln" -c Release --max-parallel-test-modules 1 --no-progress "$@" 2>&1 \
  | tee "$log" || status=$?

count() { awk -v name="$1:" '$1 == name { n = $2 } END { print n + 0 }' "$log"; } # of the summary at the end
passed="$(count succeeded)"
failed="$(count failed)"
# A build that failed, a test program that died, and a run of no test are failures, though no test says so.
if [ "$failed" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$passed" -eq 0 ]; }; then failed=1; fi
echo "$passed passed, $failed failed, $(count skipped) skipped"
[ "$failed" -eq 0 ]
