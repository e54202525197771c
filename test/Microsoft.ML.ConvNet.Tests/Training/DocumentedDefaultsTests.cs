using System.Xml.Linq;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>What an editor shows of the defaults of a training is what is trained with.</summary>
[TestClass]
public sealed class DocumentedDefaultsTests
{
    private static readonly XElement[] Overloads =
    [
        .. XDocument.Load(Path.ChangeExtension(typeof(ConvNetTransformer).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Attribute("name")!.Value.StartsWith("M:Microsoft.ML.ConvNetCatalog.ConvNet(", StringComparison.Ordinal)),
    ];

    [TestMethod]
    public void Overloads_that_take_an_architecture_name_its_recipe_and_no_numbers()
    {
        XElement[] overloads = [.. Overloads.Where(member => member.Elements("param").Any(parameter => parameter.Attribute("name")!.Value == "architecture"))];
        Assert.HasCount(2, overloads);
        foreach (XElement overload in overloads)
        {
            Assert.IsEmpty(overload.Descendants("inheritdoc"));
            foreach (string name in new[] { "epoch", "batchSize", "learningRate" })
            {
                string text = overload.Elements("param").Single(parameter => parameter.Attribute("name")!.Value == name).Value;
                StringAssert.Contains(text, "the architecture's recipe");
                Assert.IsFalse(text.Any(char.IsDigit), text);
            }
        }
    }

    [TestMethod]
    public void The_defaults_of_a_given_network_are_those_that_are_documented_and_of_an_architecture_those_of_its_recipe()
    {
        XElement overload = Overloads.First(member => member.Elements("param").Any(parameter => parameter.Attribute("name")!.Value == "network"));
        string documented = string.Concat(overload.Elements("param").Select(parameter => parameter.Value));
        StringAssert.Contains(documented, "10 where not given");
        StringAssert.Contains(documented, "64 where not given");
        StringAssert.Contains(documented, "0.001 where not given");
        MLContext context = new(seed: 1);
        LogLines log = new(context);
        IDataView rows = BarModels.Keyed(context, BarImages.Create(12));
        _ = context.MulticlassClassification.Trainers.ConvNet("Label", "Features", Network.Input(8, 8, 1).Flatten().Dense(3)).Fit(rows);
        CollectionAssert.Contains(log.Infos, "10 epochs in batches of 64, Adam with a learning rate of 0.001");

        TrainingRecipe recipe = Architecture.Get("mnist-convnet").Recipe;
        LogLines second = new(context);
        _ = context.MulticlassClassification.Trainers.ConvNet("Label", "Features", "mnist-convnet", epoch: 1).Fit(rows);
        CollectionAssert.Contains(
            second.Infos,
            FormattableString.Invariant($"1 epochs in batches of {recipe.BatchSize}, {recipe.Optimizer} with a learning rate of {recipe.LearningRate}"));
    }
}
