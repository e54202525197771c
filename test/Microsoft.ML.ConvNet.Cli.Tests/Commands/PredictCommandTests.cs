using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

[TestClass]
public sealed class PredictCommandTests
{
    [TestMethod]
    public void Predicting_prints_the_likeliest_classes_of_images_of_any_size_and_writes_all_probabilities()
    {
        using TestFolder folder = new();
        string[] images = [folder["blue.png"], folder["red.png"]];
        Random random = new(11);
        ImageFolders.WriteColour(images[0], 50, 0, random);
        ImageFolders.WriteColour(images[1], 20, 2, random);
        ProgramRun run = ConvNetProgram.Run(
            ["predict", "--model", TrainedModels.ColoursModel, .. images, "--json", folder["p.json"]]).Succeeded();
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.AreEqual(2, lines.Length);
        StringAssert.StartsWith(lines[0], $"{images[0]}: blue ");
        StringAssert.StartsWith(lines[1], $"{images[1]}: red ");

        JsonElement[] predictions = [.. TrainedModels.ReadJson(folder["p.json"]).GetProperty("predictions").EnumerateArray()];
        CollectionAssert.AreEqual(images, predictions.Select(prediction => prediction.GetProperty("image").GetString()).ToArray());
        CollectionAssert.AreEqual(
            new[] { "blue", "red" }, predictions.Select(prediction => prediction.GetProperty("predictedLabel").GetString()).ToArray());
        foreach (JsonElement prediction in predictions)
        {
            JsonProperty[] probabilities = [.. prediction.GetProperty("probabilities").EnumerateObject()];
            CollectionAssert.AreEqual(ImageFolders.Colours, probabilities.Select(probability => probability.Name).ToArray());
            Assert.AreEqual(1, probabilities.Sum(probability => probability.Value.GetDouble()), 1e-5);
        }
    }

    [TestMethod]
    public void A_colour_image_is_made_grey_for_a_model_of_grey_images()
    {
        using TestFolder folder = new();
        ImageFolders.WriteColour(folder["a.png"], 40, 1, new Random(3));
        ProgramRun run = ConvNetProgram.Run("predict", "--model", TrainedModels.DigitsModel, folder["a.png"]).Succeeded();
        StringAssert.StartsWith(run.Output, $"{folder["a.png"]}: ");
    }
}
