using System.Text.Json;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>What holds for the row of every layer, which is found by its type.</summary>
[TestClass]
public class LayerKindContract
{
    /// <summary>The layers that cannot be written in the notation.</summary>
    private static readonly Type[] WithoutWord =
    [
        // They read several tensors, or none; the notation has no branches.
        typeof(MatMul), typeof(RoiPool2D), typeof(RoiAlign2D), typeof(Add), typeof(Subtract), typeof(Multiply), typeof(Divide), typeof(Power),
        typeof(Minimum), typeof(Maximum), typeof(Compare), typeof(Where), typeof(Concat), typeof(Constant),

        // They have lists of numbers, or more numbers than a word can hold.
        typeof(Reshape), typeof(Permute), typeof(Slice), typeof(Pad), typeof(Gather), typeof(Expand), typeof(Reduce), typeof(Resize2D),
        typeof(ConvTranspose2D),

        // A notation describes the classifiers of images, which have no use for them.
        typeof(Conv1D), typeof(MaxPool1D), typeof(AvgPool1D), typeof(GlobalAvgPool1D), typeof(LpPool2D), typeof(AdaptiveMaxPool2D),
        typeof(AdaptiveAvgPool2D), typeof(Upsample2D), typeof(ChannelShuffle), typeof(LogSoftmax), typeof(Exp), typeof(Log), typeof(Sqrt),
        typeof(Negate), typeof(Reciprocal), typeof(Abs), typeof(Erf), typeof(Scale), typeof(CELU), typeof(ThresholdedReLU),

        // Written relu6, by the word of ReLU.
        typeof(ClippedReLU),
    ];

    private static readonly Type[] LayerTypes =
        [.. typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract)];

    [TestMethod]
    public void Every_layer_has_one_row_and_cases_for_the_contract()
    {
        AssertSame(LayerTypes, LayerKinds.All.Select(kind => kind.Type), "rows of LayerKinds");
        AssertSame(LayerTypes, LayerRegistrations.All.Select(registration => registration.LayerType), "cases of LayerRegistrations");
        Assert.IsTrue(LayerRegistrations.All.All(registration => registration.Cases.Count > 0));
    }

    [TestMethod]
    public void Every_layer_has_a_word_of_the_notation_unless_it_is_known_to_have_none() =>
        AssertSame(LayerTypes.Except(WithoutWord), LayerKinds.All.Where(kind => kind.Words.Count > 0).Select(kind => kind.Type), "words");

    [TestMethod]
    public void Every_layer_has_a_verb_of_its_name()
    {
        HashSet<string> verbs = new(typeof(SymbolicTensor).GetMethods().Select(method => method.Name), StringComparer.OrdinalIgnoreCase);

        // Where is the keyword of a filter in C#, so that its verb is Select.
        string[] without = [.. LayerTypes.Select(type => type.Name).Where(name => !verbs.Contains(name) && !verbs.Contains(name.Replace("2D", string.Empty)))];
        CollectionAssert.AreEqual(new[] { nameof(Where) }, without);
    }

    [TestMethod]
    public void Every_public_property_of_a_layer_is_a_hyperparameter_that_JSON_holds()
    {
        foreach (LayerKind kind in LayerKinds.All)
        {
            CollectionAssert.AreEquivalent(
                kind.Type.GetProperties().Select(property => property.Name).Except([nameof(Layer.Kind)]).ToArray(),
                kind.Hyperparameters.Select(property => property.Name).ToArray(),
                kind.Name);
            (string name, var written) = LayerJson.Write(kind.Defaults);
            Assert.AreEqual((kind.Name, 0), (name, written.Count), "A default is not written.");
            Assert.AreEqual(kind.Defaults, LayerJson.Read(kind.Name, "a", new Dictionary<string, JsonElement>()));
        }
    }

    [TestMethod]
    public void A_layer_that_is_read_does_not_change_the_defaults()
    {
        using JsonDocument document = JsonDocument.Parse("0.25");
        Layer read = LayerJson.Read("ELU", "a", new Dictionary<string, JsonElement> { ["alpha"] = document.RootElement });
        Assert.AreEqual(new ELU(0.25f), read);
        Assert.AreEqual(new ELU(1), LayerKinds.ByName["ELU"].Defaults);
    }

    [TestMethod]
    public void Files_know_layers_by_the_names_of_their_types() =>
        Assert.IsTrue(LayerKinds.All.All(kind => kind.Name == kind.Type.Name), "A layer that is renamed keeps its name in files; say so here.");

    private static void AssertSame(IEnumerable<Type> expected, IEnumerable<Type> actual, string what) =>
        CollectionAssert.AreEqual(Names(expected), Names(actual), $"{what}: {string.Join(", ", Names(actual).Except(Names(expected)))} more, "
            + $"{string.Join(", ", Names(expected).Except(Names(actual)))} less");

    private static string[] Names(IEnumerable<Type> types) => [.. types.Select(type => type.Name).Order(StringComparer.Ordinal)];
}
