# What the checks share; a check sources it. It says `try NAME COMMAND...` for each thing that has to work, `tests NAME COMMAND...` for
# a program that counts tests itself, and `skip NAME WHY` for what cannot be tried here. A check ends with the line that counts them.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
scratch="$root/artifacts/checks/$(basename "$0" .sh)"
log="$scratch/log.txt"
passed=0 failed=0 skipped=0 complete=
mkdir -p "$scratch"
# Outputs are the check's own, so that checks and tests can run at the same time; MSBuild takes this variable as a property.
export ArtifactsPath="$scratch/artifacts"

try() {
  local name="$1" began=$SECONDS
  shift
  if "$@" > "$log" 2>&1; then
    passed=$((passed + 1))
    echo "passed  $name ($((SECONDS - began)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED  $name ($((SECONDS - began)) s): $*"
    tail -n 40 "$log"
    return 1
  fi
}

# Restores a project as a check will build it; where the packages for that cannot be had, the check is skipped and ends.
restore_or_skip() {
  local name="$1"
  shift
  if dotnet restore "$@" > "$log" 2>&1; then return; fi
  if grep -qE 'NU1101|NU1102|NU1103|NU1301' "$log"; then
    skip "$name" "$(grep -oE -m 1 '(NU1101|NU1102|NU1103|NU1301): [^.]*' "$log")"
    complete=yes
    exit
  fi
}

tests() {
  local name="$1" status=0 began=$SECONDS
  shift
  "$@" > "$log" 2>&1 || status=$?
  count_tests "$log" "$status"
  if [ "$bad" -gt 0 ]; then tail -n 40 "$log"; fi
  echo "tests   $name ($((SECONDS - began)) s): $good passed, $bad failed, $left_out skipped"
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left_out))
  [ "$bad" -eq 0 ]
}

# Sets good, bad and left_out from the summary at the end of a run of tests that ended with a status. A build that failed, a test program
# that died and a run of no test are failures, though no test says so.
count_tests() {
  local counts
  # Without the codes of colours.
  counts="$(tr -d '\033' < "$1" | sed -E 's/\[[0-9;]*m//g' | awk '$1 ~ /^(succeeded|failed|skipped):$/ { n[$1] = $2 } END { print n["succeeded:"] + 0, n["failed:"] + 0, n["skipped:"] + 0 }')"
  read -r good bad left_out <<< "$counts"
  if [ "$bad" -eq 0 ] && { [ "$2" -ne 0 ] || [ "$good" -eq 0 ]; }; then bad=1; fi
}

skip() {
  skipped=$((skipped + 1))
  echo "skipped $1: $2"
}

# Installs Debian's packages where that can be done, one check at a time; false, and says so in $missing, where it cannot.
install_packages() {
  missing="$* (Debian's)"
  dpkg -s "$@" > /dev/null 2>&1 && return
  command -v apt-get > /dev/null && [ "$(id -u)" -eq 0 ] || return 1
  {
    flock 9
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  } > "$log" 2>&1 9> "$root/artifacts/checks/installing"
}

finish() {
  if [ -z "$complete" ] && [ "$failed" -eq 0 ]; then
    failed=$((failed + 1))
    echo "FAILED  $(basename "$0") ended before its end"
  fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] || exit 1
}
trap finish EXIT
