namespace Microsoft.ML.ConvNet.Core.Tests.Floors;

/// <summary>What the layers of an assembly are held to sees every way in which a type can use another.</summary>
[TestClass]
public sealed class AssemblyLayersTests
{
    private const string Root = "Microsoft.ML.ConvNet.Core.Tests.Floors.House";

    [TestMethod]
    [DataRow("Base")]
    [DataRow("Interface")]
    [DataRow("Field")]
    [DataRow("ArrayField")]
    [DataRow("Parameter")]
    [DataRow("Result")]
    [DataRow("Property")]
    [DataRow("Event")]
    [DataRow("Constraint`1")]
    [DataRow("GenericArgument")]
    [DataRow("FunctionPointer")]
    [DataRow("Attribute")]
    [DataRow("AttributeArgument")]
    [DataRow("ParameterAttribute")]
    [DataRow("Call")]
    [DataRow("GenericCall")]
    [DataRow("FieldAccess")]
    [DataRow("TypeOf")]
    [DataRow("Caught")]
    [DataRow("Lambda")]
    [DataRow("Iterator")]
    [DataRow("Nested")]
    public void A_use_is_seen_wherever_it_stands(string type)
    {
        string[] violations = Violations(new() { ["Lower"] = [], ["Upper"] = ["Lower"] });
        Assert.IsTrue(violations.Any(violation => violation.StartsWith($"Lower.{type} uses Upper.", StringComparison.Ordinal)), string.Join("; ", violations));
    }

    [TestMethod]
    public void A_use_of_what_lies_beneath_is_none() =>
        Assert.IsFalse(Violations(new() { ["Lower"] = [], ["Upper"] = ["Lower"] }).Any(violation => violation.StartsWith("Upper", StringComparison.Ordinal)));

    [TestMethod]
    public void A_single_type_of_a_layer_can_be_allowed()
    {
        string[] violations = Violations(new() { ["Lower"] = ["Upper.Thing"], ["Upper"] = ["Lower"] });
        Assert.IsFalse(violations.Any(violation => violation.Contains("Upper.Thing", StringComparison.Ordinal)));
        Assert.Contains("Lower.Base uses Upper.Root", violations);
    }

    [TestMethod]
    public void A_layer_that_no_rule_names_is_a_violation() =>
        Assert.Contains($"{Root}.Upper.Thing is in a layer that has no place", Violations(new() { ["Lower"] = ["Upper"] }));

    [TestMethod]
    public void Layers_that_use_one_another_are_a_circle()
    {
        using AssemblyLayers layers = new(typeof(AssemblyLayersTests).Assembly.Location, Root);
        CollectionAssert.AreEquivalent(new[] { "Lower", "Upper", "First", "Second" }, layers.Circles(new Dictionary<string, string>()));
        CollectionAssert.AreEquivalent(
            new[] { "Lower", "Upper" }, layers.Circles(new Dictionary<string, string> { ["Second.Knot"] = "First" }));
    }

    private static string[] Violations(Dictionary<string, string[]> allowed)
    {
        using AssemblyLayers layers = new(typeof(AssemblyLayersTests).Assembly.Location, Root);
        return layers.Violations(allowed);
    }
}
