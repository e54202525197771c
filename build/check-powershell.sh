#!/usr/bin/env bash
# Runs the scripts for Windows once, in PowerShell, which is a .NET tool: the demo with one epoch, and a few tests, with the ordinary outputs.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
unset ArtifactsPath
powershell=7.6.9
pwsh="$scratch/tools/pwsh"

if [ ! -x "$pwsh" ] && ! dotnet tool install PowerShell --version "$powershell" --tool-path "$scratch/tools" > "$log" 2>&1; then
  skip "PowerShell" "the .NET tool PowerShell $powershell cannot be had"
  complete=yes
  exit
fi
export POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

counts_tests() {
  "$pwsh" -NoProfile -File "$root/build/test.ps1" --filter 'FullyQualifiedName~.ShapeTests.' > "$scratch/test.txt" 2>&1
  local status=$?
  tail -n 40 "$scratch/test.txt"
  [ "$status" -eq 0 ] && tail -n 1 "$scratch/test.txt" | tr -d '\r' | grep -qE '^[1-9][0-9]* passed, 0 failed, 0 skipped$'
}

try "demo.ps1 trains, saves, loads and predicts" "$pwsh" -NoProfile -File "$root/build/demo.ps1" --epochs 1 --model "$scratch/demo.zip"
try "test.ps1 runs tests and counts them" counts_tests
complete=yes
