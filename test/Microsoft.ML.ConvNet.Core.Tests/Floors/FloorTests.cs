using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>A folder of the core is a floor and uses only the floors beneath it, as the compiled assembly says; that a type is in the namespace of its folder, the compiler sees to (IDE0130).</summary>
[TestClass]
public sealed class FloorTests
{
    private const string Root = "Microsoft.ML.ConvNet";

    private static readonly string[] UpToNetworks = ["Tensors", "Threading", "Kernels", "Ops", "Layers", "Networks"];
    private static readonly string[] UpToTraining = [.. UpToNetworks, "Planning", "Running", "Storage", "Data", "Training"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Tensors"] = [],
        ["Threading"] = ["Tensors"],
        ["Kernels"] = ["Tensors", "Threading"],
        ["Ops"] = ["Tensors", "Threading", "Kernels"],
        ["Layers"] = ["Tensors", "Threading", "Kernels", "Ops"],
        ["Networks"] = UpToNetworks,
        ["Planning"] = UpToNetworks,
        ["Running"] = [.. UpToNetworks, "Planning"],
        ["Files"] = [],
        ["Storage"] = [.. UpToNetworks, "Files", "Data"],
        ["Data"] = ["Tensors", "Threading", "Kernels", "Files"],
        ["Training"] = UpToTraining,
        ["Zoo"] = ["Tensors.Shape", "Layers", "Networks"],
    };

    [TestMethod]
    public void A_floor_uses_only_the_floors_beneath_it()
    {
        using AssemblyLayers core = Core(Root);
        string[] violations = core.Violations(Allowed);
        Assert.IsEmpty(violations, string.Join("; ", violations));
    }

    [TestMethod]
    public void The_families_of_kernels_do_not_go_in_circles()
    {
        using AssemblyLayers core = Core($"{Root}.Kernels");
        Assert.IsEmpty(core.Circles(new Dictionary<string, string>()));
    }

    [TestMethod]
    public void The_tiers_know_no_family_of_kernels()
    {
        using AssemblyLayers core = Core($"{Root}.Kernels");
        string[] violations = core.Violations(new Dictionary<string, string[]> { ["Simd"] = [] });
        Assert.IsEmpty(violations.Where(violation => violation.StartsWith("Simd.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_core_references_nothing_but_the_runtime()
    {
        using AssemblyLayers core = Core(Root);
        Assert.IsEmpty(core.References.Where(name => !name.StartsWith("System", StringComparison.Ordinal)));
    }

    private static AssemblyLayers Core(string root) => new(typeof(Shape).Assembly.Location, root);
}
