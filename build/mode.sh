# Sourced by the scripts beside it. Finds out whether ML.NET's packages can be restored here, remembers the answer in
# build/mode.props, which every project imports, and so decides between package mode and offline mode.
# CONVNET_MLNET=package or =offline decides without asking; =probe asks again.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

if ! command -v dotnet > /dev/null; then
  echo "The .NET 10 SDK is needed, and there is no dotnet on the PATH." >&2
  exit 1
fi

remember_mode() {
  local offline=false
  if [ "$1" = offline ]; then offline=true; fi
  printf '<Project>\n  <PropertyGroup>\n    <MLNetOffline Condition="'"'\$(MLNetOffline)' == ''"'">%s</MLNetOffline>\n  </PropertyGroup>\n</Project>\n' \
    "$offline" > "$root/build/mode.props.$$"
  mv "$root/build/mode.props.$$" "$root/build/mode.props"
}

case "${CONVNET_MLNET:-}" in
  package | offline) remember_mode "$CONVNET_MLNET" ;;
  '' | probe)
    if [ "${CONVNET_MLNET:-}" = probe ] || [ ! -f "$root/build/mode.props" ]; then
      if restored="$(dotnet restore "$root/build/probe/Probe.csproj" -p:MLNetOffline=false -v quiet 2>&1)"; then
        remember_mode package
        echo "ML.NET's packages can be restored: building against them (package mode)."
      elif grep -qE 'NU1100|NU1101|NU1102|NU1103|NU1301' <<< "$restored"; then
        # The sources do not have the packages, or cannot be reached.
        remember_mode offline
        echo "ML.NET's packages cannot be restored here: building against the stand-in under build/offline (offline mode)." \
          "(CONVNET_MLNET=probe asks again)"
      else
        printf '%s\n' "$restored" >&2
        echo "Whether ML.NET's packages can be restored could not be found out: see above. CONVNET_MLNET=offline builds without them." >&2
        exit 1
      fi
    fi
    ;;
  *)
    echo "CONVNET_MLNET is package, offline or probe. Received: $CONVNET_MLNET." >&2
    exit 1
    ;;
esac
