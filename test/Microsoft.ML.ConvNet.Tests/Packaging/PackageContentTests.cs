using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Microsoft.ML.ConvNet.Tests.Packaging;

/// <summary>Each package holds its own library and depends on ML.NET and on its siblings, as the nuspec says that is packed.</summary>
[TestClass]
public sealed class PackageContentTests
{
    private const string Pack = "Microsoft.ML.ConvNet";
    private const string Core = Pack + ".Core";
    private const string Onnx = Pack + ".Onnx";

    /// <summary>What stands before the siblings' own version, which follows the commits.</summary>
    private const string Sibling = "0.1.0-preview";

    /// <summary>Managed code, from .NET itself.</summary>
    private const string Hashing = "System.IO.Hashing 10.0.0";

    /// <summary>ML.NET, and of SkiaSharp the version that its images are tested with.</summary>
    private static readonly string[] MLNet =
    [
        "Microsoft.ML [5.0.1, 7.0.0)", "Microsoft.ML.ImageAnalytics [5.0.1, 7.0.0)",
        "SkiaSharp 2.88.9", "SkiaSharp.NativeAssets.Linux.NoDependencies 2.88.9",
    ];

    [TestMethod]
    public void Core_depends_on_the_checksums_of_NET_only() => AssertPackage(Core, Hashing);

    [TestMethod]
    public void The_pack_depends_on_MLNet_from_5_0_1_to_before_7_and_on_Core_only() =>
        AssertPackage(Pack, [.. MLNet, Hashing, $"{Core} {Sibling}"]);

    [TestMethod]
    public void The_package_for_ONNX_depends_on_the_other_two_and_on_Protobuf_only() =>
        AssertPackage(Onnx, [.. MLNet, Hashing, $"{Core} {Sibling}", $"{Pack} {Sibling}", "Google.Protobuf 3.36.2"]);

    private static void AssertPackage(string project, params string[] dependencies)
    {
        string folder = Directory.CreateTempSubdirectory("convnet-pack-").FullName;
        try
        {
            // What is packed was built with these tests.
            string configuration = typeof(PackageContentTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            (int exitCode, string output) = Run(
                "pack", Path.Combine(RepositoryRoot(), "src", project), "-c", configuration, "--no-build", "-o", folder);
            Assert.AreEqual(0, exitCode, output);
            AssertSymbols(Directory.GetFiles(folder, "*.snupkg").Single(), project);
            using ZipArchive archive = ZipFile.OpenRead(Directory.GetFiles(folder, "*.nupkg").Single());
            AssertReadme(archive);
            using Stream stream = archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            XElement[] groups = [.. XDocument.Load(stream).Descendants().Where(element => element.Name.LocalName == "group")];
            Assert.HasCount(2, groups, "a group a target framework");
            foreach (XElement group in groups)
            {
                CollectionAssert.AreEquivalent(dependencies, group.Elements().Select(Dependency).ToArray(), group.ToString());
            }

            string[] libraries =
                [.. archive.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)).Select(entry => entry.FullName)];
            CollectionAssert.AreEquivalent(
                new[] { $"lib/net8.0/{project}.dll", $"lib/net10.0/{project}.dll" }, libraries, "the package holds other libraries than its own");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The readme of the repository, in which what leads to a file of it is text: on the page of a package there are no such files.</summary>
    private static void AssertReadme(ZipArchive archive)
    {
        using StreamReader reader = new(archive.GetEntry("README.md")!.Open());
        string packed = reader.ReadToEnd();
        string[] links = [.. Regex.Matches(packed, @"\]\(([^)]*)\)").Select(link => link.Groups[1].Value)];
        Assert.IsEmpty(links.Where(link => !link.StartsWith("https://", StringComparison.Ordinal)), string.Join(' ', links));
        string ours = File.ReadAllText(Path.Combine(RepositoryRoot(), "README.md"));
        StringAssert.Contains(ours, "[docs/ZOO.md](docs/ZOO.md) has every architecture");
        StringAssert.Contains(packed, "\ndocs/ZOO.md has every architecture");

        // All else is as it was: the text without links, to the end.
        static string Texts(string text) => Regex.Replace(text, @"\[([^\]\n]*)\]\([^)\n]*\)", "$1").Trim();
        Assert.AreEqual(Texts(ours), Texts(packed));
    }

    /// <summary>Symbols for both target frameworks, whose sources are under the root that stands for every machine's.</summary>
    private static void AssertSymbols(string package, string project)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        ZipArchiveEntry[] symbols = [.. archive.Entries.Where(entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal))];
        CollectionAssert.AreEquivalent(
            new[] { $"lib/net8.0/{project}.pdb", $"lib/net10.0/{project}.pdb" }, symbols.Select(entry => entry.FullName).ToArray());
        foreach (ZipArchiveEntry entry in symbols)
        {
            using MemoryStream content = new();
            using (Stream stream = entry.Open())
            {
                stream.CopyTo(content);
            }

            content.Position = 0;
            using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(content);
            MetadataReader reader = provider.GetMetadataReader();
            string[] sources = [.. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))];
            Assert.AreNotEqual(0, sources.Length);
            foreach (string source in sources)
            {
                StringAssert.StartsWith(source, "/_/", "symbols name a folder of the machine on which they were built");
            }
        }
    }

    private static string Dependency(XElement element)
    {
        string name = element.Attribute("id")!.Value;
        string version = element.Attribute("version")!.Value;
        return $"{name} {(name.StartsWith(Pack, StringComparison.Ordinal) && version.StartsWith(Sibling, StringComparison.Ordinal) ? Sibling : version)}";
    }

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
