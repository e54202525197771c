#!/usr/bin/env bash
# Packs the packages and uses them outside the clone, as somebody does who has nothing but them: in a project, in a program of one file, and as a tool.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
feed="$scratch/packed"
outside="$(mktemp -d)"
trap 'rm -rf "$outside"; finish' EXIT

pack() {
  local project
  rm -rf "$feed"
  for project in "$root"/src/*/*.csproj; do
    dotnet pack "$project" -c Release -o "$feed" -v quiet || return
  done
}

same_bits() {
  ./bin/Release/net10.0/Consumer predict model.zip > predicted.txt
  [ -s trained.txt ] && cmp trained.txt predicted.txt
}

try "the packages are packed" pack || exit

# What was packed before under the same version must not be found: our packages go to a cache of this run, others come from the machine's.
machine_cache="$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')"
export NUGET_PACKAGES="$scratch/cache" NUGET_FALLBACK_PACKAGES="$machine_cache"
rm -rf "$NUGET_PACKAGES"
cp -r "$root/test/Microsoft.ML.ConvNet.Consumer/." "$outside"
ln -s "$feed" "$outside/packed"
version="$(basename "$feed"/Microsoft.ML.ConvNet.Core.*.nupkg .nupkg | sed 's/^Microsoft.ML.ConvNet.Core.//')"
sed "s/ConvNet@\*-\*/ConvNet@$version/" "$root/test/Microsoft.ML.ConvNet.Consumer/App/app.cs" > "$outside/App/app.cs"

cd "$outside/Console"
try "a project with the package builds" dotnet build -c Release "-p:ConvNetVersion=$version" \
  && try "the package used is the one packed" test -d "$NUGET_PACKAGES/microsoft.ml.convnet.core" \
  && try "it trains, evaluates and saves in a pipeline" bash -c './bin/Release/net10.0/Consumer train model.zip > trained.txt' \
  && try "a second process loads it and predicts the same bits" same_bits

cd "$outside/App"
# Such a program is built in the user's data folder: a folder of this run, that nothing is left behind.
mkdir "$outside/data"
try "a program in one file trains, saves, loads and predicts" env "XDG_DATA_HOME=$outside/data" dotnet run app.cs

cd "$outside"
try "the tool installs" dotnet tool install Microsoft.ML.ConvNet.Cli --version "$version" --tool-path tools \
  && try "convnet zoo lists the architectures" bash -c 'tools/convnet zoo | grep -q lenet5' \
  && try "convnet demo trains, saves, loads and predicts" tools/convnet demo --epochs 1 --model demo.zip

complete=yes
