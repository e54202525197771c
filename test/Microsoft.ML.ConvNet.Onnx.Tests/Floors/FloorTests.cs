using Microsoft.ML.ConvNet.Core.Tests.Floors;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Floors;

/// <summary>The packages stand on the core, and the folders of each in an order, as the compiled assemblies say.</summary>
[TestClass]
public sealed class FloorTests
{
    private const string Pack = "Microsoft.ML.ConvNet";
    private const string Core = "Microsoft.ML.ConvNet.Core";
    private const string Onnx = "Microsoft.ML.ConvNet.Onnx";

    /// <summary>What is public at the top, but what every folder speaks of.</summary>
    private static readonly string[] Vocabulary =
        ["OnnxElementType", "OnnxTensor", "OnnxValueInfo", "OnnxText", "OnnxImportException", "OnnxImportOptions"];

    private static readonly Dictionary<string, string[]> OnnxFolders = new()
    {
        ["Format"] = Vocabulary,
        ["Import"] = [.. Vocabulary, "Format", "OnnxModel", "OnnxNetwork"], // what it reads and what it makes
        ["Export"] = [.. Vocabulary, "Format"],
        ["Operators"] = [.. Vocabulary, "Format", "Import", "Export"],
        [""] = ["Format", "Import", "Export", "Operators"],
    };

    [TestMethod]
    public void The_file_is_beneath_import_and_export_these_beneath_the_operators_and_all_beneath_what_is_public()
    {
        using AssemblyLayers onnx = new(typeof(OnnxModel).Assembly.Location, Onnx);
        string[] violations = onnx.Violations(OnnxFolders);
        Assert.IsEmpty(violations, string.Join("; ", violations));
    }

    [TestMethod]
    public void The_folders_of_the_pack_do_not_go_in_circles()
    {
        using AssemblyLayers pack = new(typeof(ConvNetTransformer).Assembly.Location, Pack);
        Assert.IsEmpty(pack.Circles(new Dictionary<string, string>()));
    }

    [TestMethod]
    public void The_pack_stands_on_the_core_only()
    {
        using AssemblyLayers pack = new(typeof(ConvNetTransformer).Assembly.Location, Pack);
        CollectionAssert.AreEqual(new[] { Core }, Own(pack));
    }

    [TestMethod]
    public void The_package_for_ONNX_stands_on_the_core_and_the_pack_only()
    {
        using AssemblyLayers onnx = new(typeof(OnnxModel).Assembly.Location, Onnx);
        CollectionAssert.AreEquivalent(new[] { Core, Pack }, Own(onnx));
    }

    /// <summary>The assemblies of this house that one references.</summary>
    private static string[] Own(AssemblyLayers assembly) =>
        [.. assembly.References.Where(name => name.StartsWith(Pack, StringComparison.Ordinal) || name == "convnet")];
}
