#!/usr/bin/env bash
# Publishes a program with the core alone trimmed, and compares what it computes with the same program as it is built. Warnings of the trimmer are errors.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
project="$root/test/Microsoft.ML.ConvNet.Core.Published"
options=(-c Release -p:RunAnalyzers=false -v quiet)

same_lines() {
  "$scratch/trimmed/published" > "$scratch/trimmed.txt" && cat "$scratch/trimmed.txt" && cmp "$scratch/built.txt" "$scratch/trimmed.txt"
}

restore_or_skip "Trimming" "$project" -p:PublishedAs=trimmed
try "the program builds" dotnet build "$project" "${options[@]}" -o "$scratch/built" || exit
try "it trains and predicts" bash -c "dotnet '$scratch/built/published.dll' > '$scratch/built.txt'" || exit
try "it is published trimmed" dotnet publish "$project" "${options[@]}" -p:PublishedAs=trimmed -o "$scratch/trimmed" \
  && try "trimmed it computes the same bits" same_lines
complete=yes
