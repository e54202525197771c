#!/usr/bin/env bash
# Packs the packages and uses them outside the clone, as somebody does who has nothing but them: in a project, in a program of one file, and as a tool.
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
feed="$scratch/packed"
outside="$(mktemp -d)"
trap 'rm -rf "$outside"; finish' EXIT

# Packs all into a folder; what else is given is said to the build.
pack() {
  local folder="$1"
  shift
  rm -rf "$folder"
  dotnet pack "$root/build/Packages.slnf" -c Release -p:RunAnalyzers=false -o "$folder" -v quiet "$@"
}

same_bits() {
  ./bin/Release/net10.0/Consumer predict model.zip > predicted.txt
  [ -s trained.txt ] && cmp trained.txt predicted.txt
}

# What everybody sees of a package, and nobody of the machine that made it: in nuspecs, in what libraries say of their symbols, and in the
# tool's settings its folders would stand as they are. (What symbols say of sources is packed; PackageContentTests reads it.)
contents() {
  local package content="$scratch/content" kind
  for package in "$@"; do
    rm -rf "$content"
    mkdir -p "$content"
    unzip -q "$package" -d "$content" || return
    echo "$(basename "$package"): $(wc -c < "$package") bytes"
    for kind in README.md icon.png '*.nuspec'; do
      ls "$content"/$kind > /dev/null || return
    done
    for kind in '<license type="expression">MIT' '<readme>README.md' '<icon>icon.png' '<tags>' '<description>'; do
      grep -q "$kind" "$content"/*.nuspec || { echo "no $kind"; return 1; }
    done
    if grep -nE '\]\(' "$content/README.md" | grep -vE '\]\([a-z]+:'; then
      echo "links to files that no package page has"
      return 1
    fi
    [ -e "${package%.nupkg}.snupkg" ] || { echo "no symbols"; return 1; }
    unzip -q "${package%.nupkg}.snupkg" -d "$content/symbols" || return
    [ -n "$(find "$content/symbols" -name '*.pdb')" ] || { echo "no symbols in their package"; return 1; }
    # ML.NET's own libraries name folders of theirs.
    if grep -rlaF -e "$root" --include='*ConvNet*' --include='convnet*' --include='*.nuspec' --include='DotnetToolSettings.xml' "$content"; then
      echo "names a folder of this machine"
      return 1
    fi
  done
}

try "the packages are packed" pack "$feed" || exit
if command -v unzip > /dev/null || install_packages unzip; then
  try "they have readme, icon, license, tags and symbols, and no folder of this machine" contents "$feed"/*.nupkg
else
  skip "what is in the packages" "$missing"
fi

# Outside there are no outputs of ours.
built="$ArtifactsPath"
unset ArtifactsPath
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

# As compiled code, where there is the compiler: the same results, to the bit.
compiled_tool() {
  tools/convnet predict --model demo.zip --json portable.json image.png || return
  compiled-tools/convnet predict --model demo.zip --json compiled.json image.png || return
  cmp portable.json compiled.json
}

compiled_libraries() {
  local library place=runtimes/linux-x64/lib/net10.0
  for library in Microsoft.ML.ConvNet Microsoft.ML.ConvNet.Core; do
    cmp "$NUGET_PACKAGES/${library,,}/$version/$place/$library.dll" "bin/Release/net10.0/$place/$library.dll" || return
  done
  ./bin/Release/net10.0/Consumer predict "$outside/Console/model.zip" > predicted.txt || return
  cmp "$outside/Console/trained.txt" predicted.txt
}

compiled="$scratch/compiled/packed"
if [ "$(uname -sm)" != "Linux x86_64" ]; then
  skip "the packages as compiled code" "it is tried for Linux on x64"
elif pack "$compiled" "-p:ArtifactsPath=$built" -p:ReadyToRunPlatforms=linux-x64 > "$log" 2>&1; then
  cp "$root/docs/icon.png" image.png
  # Only these packages: those without compiled code have the same names.
  echo '<configuration><packageSources><clear /><add key="compiled" value="'"$compiled"'" /></packageSources></configuration>' \
    > compiled.config
  export NUGET_PACKAGES="$scratch/compiled/cache"
  rm -rf "$NUGET_PACKAGES"
  try "the tool as compiled code installs" dotnet tool install Microsoft.ML.ConvNet.Cli --version "$version" --tool-path compiled-tools \
    --configfile compiled.config \
    && try "it predicts the same bits" compiled_tool
  mkdir compiled
  cp -r "$root/test/Microsoft.ML.ConvNet.Consumer/." compiled
  ln -s "$compiled" compiled/packed
  cd compiled/Console
  try "a project with the packages as compiled code builds" dotnet build -c Release "-p:ConvNetVersion=$version" \
    && try "it has the compiled code and predicts the same bits" compiled_libraries
  try "compiled code names no folder of this machine" contents "$compiled"/Microsoft.ML.ConvNet.{Core.,Onnx.,}"$version".nupkg
elif grep -qE 'NU1101|NU1102|NU1103|NU1301' "$log"; then
  skip "the packages as compiled code" "$(grep -oE -m 1 '(NU1101|NU1102|NU1103|NU1301): [^.]*' "$log")"
else
  cp "$log" "$scratch/compiled.txt"
  try "the packages are packed as compiled code" bash -c 'cat "$0"; false' "$scratch/compiled.txt"
fi

complete=yes
