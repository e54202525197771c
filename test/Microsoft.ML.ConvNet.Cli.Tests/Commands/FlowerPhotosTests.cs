using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Core.Tests.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Photos of five kinds of flowers: trained on and evaluated as users do with images of their own.</summary>
[TestClass]
public sealed class FlowerPhotosTests
{
    private static readonly string[] Keys =
        ["accuracy", "logLoss", "imagesPerSecond", "epochs", "confusion", "classes", "evaluatedOn", "images", "interrupted", "unreadable"];

    [TestMethod]
    public void A_network_learns_flowers_and_tells_those_that_it_has_not_seen_apart()
    {
        string training = TestData.Folder("flowers/train");
        string test = TestData.Folder("flowers/test");
        using TestFolder folder = new();
        ConvNetProgram.Run(
            "train", "--data", training, "--arch", "lenet5", "--epochs", "2", "--seed", "1",
            "--model", folder["m.zip"], "--json", folder["train.json"]).Succeeded();
        ConvNetProgram.Run("evaluate", "--model", folder["m.zip"], "--data", test, "--json", folder["test.json"]).Succeeded();
        foreach (string file in (string[])["train.json", "test.json"])
        {
            string[] keys = [.. TrainedModels.ReadJson(folder[file]).EnumerateObject().Select(property => property.Name)];
            CollectionAssert.AreEquivalent(Keys, keys, file);
        }

        JsonElement report = TrainedModels.ReadJson(folder["test.json"]);
        Assert.AreEqual("test", report.GetProperty("evaluatedOn").GetString());
        Assert.AreEqual(Directory.GetFiles(test, "*.png", SearchOption.AllDirectories).Length, report.GetProperty("images").GetInt32());
        CollectionAssert.AreEqual(
            Directory.GetDirectories(training).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray(),
            report.GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ToArray());
        double accuracy = report.GetProperty("accuracy").GetDouble();
        Assert.IsTrue(accuracy > 0.3, $"five classes, of which chance gets a fifth right: {accuracy}");
    }
}
