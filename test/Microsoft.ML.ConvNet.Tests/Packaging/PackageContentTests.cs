using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
#if !MLNET_OFFLINE
using System.IO.Compression;
using System.Xml.Linq;
#endif

namespace Microsoft.ML.ConvNet.Tests.Packaging;

/// <summary>The packages depend on the real ML.NET and on each other, and on nothing else.</summary>
[TestClass]
public sealed class PackageContentTests
{
    private const string Pack = "Microsoft.ML.ConvNet";
    private const string Core = "Microsoft.ML.ConvNet.Core";
    private const string Onnx = "Microsoft.ML.ConvNet.Onnx";
    private const string Tool = "Microsoft.ML.ConvNet.Cli";

    private static readonly string[] PackDependencies = [Pack + ".Core", "Microsoft.ML 5.0.1", "Microsoft.ML.ImageAnalytics 5.0.1"];

    private static readonly string[] OnnxDependencies =
        [Core, Pack, "Microsoft.ML 5.0.1", "Microsoft.ML.ImageAnalytics 5.0.1", "Google.Protobuf 3.25.1"];

    private static readonly string[] ToolReferences =
        [Pack, Onnx, "Microsoft.ML 5.0.1", "Microsoft.ML.ImageAnalytics 5.0.1", "Spectre.Console 0.49.1", "System.CommandLine 2.0.0"];

    [TestMethod]
    public void Core_would_be_packed_without_any_dependency() => Assert.IsEmpty(WouldDependOn(Core));

    [TestMethod]
    public void The_pack_would_depend_on_MLNet_and_Core_only() =>
        CollectionAssert.AreEquivalent(PackDependencies, WouldDependOn(Pack));

    [TestMethod]
    public void The_package_for_ONNX_would_depend_on_the_other_two_and_on_Protobuf_only() =>
        CollectionAssert.AreEquivalent(OnnxDependencies, WouldDependOn(Onnx));

    [TestMethod]
    public void The_tool_would_be_built_of_MLNet_the_packs_and_its_console_libraries_only() =>
        CollectionAssert.AreEquivalent(ToolReferences, WouldDependOn(Tool));

    [TestMethod]
    public void Packing_in_offline_mode_is_an_error()
    {
        string folder = Directory.CreateTempSubdirectory("convnet-pack-").FullName;
        try
        {
            // Outputs of its own, restored first: which mode the repository was built in does not matter, and its outputs stay as they are.
            string[] mode = ["-p:MLNetOffline=true", $"-p:ArtifactsPath={Path.Combine(folder, "artifacts")}", "-nologo"];
            (int exitCode, string output) = Run(["restore", ProjectOf(Core), .. mode]);
            Assert.AreEqual(0, exitCode, output);
            (exitCode, output) = Run(["pack", ProjectOf(Core), "--no-build", "-o", Path.Combine(folder, "packages"), .. mode]);
            Assert.AreNotEqual(0, exitCode, output);
            StringAssert.Contains(output, "is not packed in offline mode");
            Assert.IsEmpty(Directory.GetFiles(folder, "*.nupkg", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

#if !MLNET_OFFLINE
    [TestMethod]
    public void The_nuspec_of_the_pack_names_MLNet_and_Core_only()
    {
        string folder = Directory.CreateTempSubdirectory("convnet-pack-").FullName;
        try
        {
            (int exitCode, string output) = Run("pack", ProjectOf(Pack), "-c", "Release", "-o", folder);
            Assert.AreEqual(0, exitCode, output);
            string file = Directory.GetFiles(folder, "*.nupkg").Single();
            using ZipArchive archive = ZipFile.OpenRead(file);
            ZipArchiveEntry nuspec = archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal));
            using Stream stream = nuspec.Open();
            XDocument document = XDocument.Load(stream);
            XElement[] groups = [.. document.Descendants().Single(element => element.Name.LocalName == "dependencies").Elements()];
            Assert.HasCount(2, groups, "a group a target framework");
            foreach (XElement group in groups)
            {
                string[] names = [.. group.Elements().Select(element => element.Attribute("id")!.Value)];
                CollectionAssert.AreEquivalent(PackDependencies.Select(name => name.Split(' ')[0]).ToArray(), names);
            }

            string[] libraries = [.. archive.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)).Select(entry => entry.FullName)];
            CollectionAssert.AreEquivalent(
                new[] { $"lib/net8.0/{Pack}.dll", $"lib/net10.0/{Pack}.dll" }, libraries, "the package holds other libraries than its own");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
#endif

    /// <summary>What a project's nuspec would name in package mode, from its evaluation; this needs no package feed.</summary>
    private static List<string> WouldDependOn(string project)
    {
        (int exitCode, string output) = Run(
            "msbuild",
            ProjectOf(project),
            "-nologo",
            "-p:MLNetOffline=false",
            "-p:TargetFramework=net10.0",
            "-getItem:PackageReference",
            "-getItem:ProjectReference",
            "-getItem:PackageVersion");
        Assert.AreEqual(0, exitCode, output);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement items = document.RootElement.GetProperty("Items");
        Dictionary<string, string> versions = items.GetProperty("PackageVersion").EnumerateArray().ToDictionary(
            item => item.GetProperty("Identity").GetString()!, item => item.GetProperty("Version").GetString()!);
        List<string> found = [];
        foreach (JsonElement item in items.GetProperty("PackageReference").EnumerateArray().Where(IsWritten))
        {
            string name = item.GetProperty("Identity").GetString()!;
            found.Add($"{name} {versions[name]}");
        }

        found.AddRange(items.GetProperty("ProjectReference").EnumerateArray().Where(IsWritten)
            .Select(item => item.GetProperty("Filename").GetString()!));
        return found;
    }

    private static bool IsWritten(JsonElement item) =>
        !(item.TryGetProperty("PrivateAssets", out JsonElement assets) && assets.GetString()!.Equals("all", StringComparison.OrdinalIgnoreCase))
        && !(item.TryGetProperty("IsImplicitlyDefined", out JsonElement isImplicit) && isImplicit.GetString() == "true")
        && !(item.TryGetProperty("ReferenceOutputAssembly", out JsonElement reference) && reference.GetString() == "false");

    private static string ProjectOf(string name) => Path.Combine(RepositoryRoot(), "src", name, name + ".csproj");

    private static string RepositoryRoot([CallerFilePath] string path = "")
    {
        string? folder = Path.GetDirectoryName(path);
        while (folder != null && !File.Exists(Path.Combine(folder, "version.json")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        Assert.IsNotNull(folder, "the repository of these tests is not where they were compiled");
        return folder;
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + errors.Result);
    }
}
