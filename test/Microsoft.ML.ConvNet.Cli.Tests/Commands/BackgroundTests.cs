using System.Text.Json;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>What transparent pixels lie on: said when a model is made, and known to it from then on.</summary>
[TestClass]
public sealed class BackgroundTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_model_trained_on_black_ground_predicts_and_evaluates_on_black_ground()
    {
        // White strokes on transparent ground: on white there would be nothing to see, and a warning would say so.
        string data = WriteStrokes(_folder["transparent"], ground: null);
        ConvNetProgram.Run(
            "train", "--data", data, "--arch", "lenet5", "--epochs", "12", "--batch-size", "6", "--validation-fraction", "0",
            "--background", "black",
            "--model", _folder["m.zip"]).Succeeded();
        using (LoadedModel model = LoadedModel.Load(_folder["m.zip"]))
        {
            Assert.AreEqual(ImageBackground.Black, model.Parameters.ImageBackground);
        }

        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", data, "--json", _folder["e.json"]).Succeeded();
        Assert.IsTrue(TrainedModels.ReadJson(_folder["e.json"]).GetProperty("accuracy").GetDouble() > 0.9, "lying strokes are told from standing ones");
        AssertSame("m.zip", WriteStrokes(_folder["black"], ground: 0), data);
        AssertSame("m.zip", WriteStrokes(_folder["black"], ground: 0), data, "--background", "black");
    }

    [TestMethod]
    public void Pixels_have_no_ground_and_a_model_of_them_takes_what_is_said()
    {
        string transparent = WriteStrokes(_folder["transparent"], ground: null);
        AssertSame(TrainedModels.DigitsModel, WriteStrokes(_folder["white"], ground: 255), transparent);
        AssertSame(TrainedModels.DigitsModel, WriteStrokes(_folder["black"], ground: 0), transparent, "--background", "black");
        ConvNetProgram.Run(
            "train", "--data", TrainedModels.DigitsFolder, "--arch", "lenet5", "--background", "black", "--model", _folder["n.zip"])
            .FailedWithOneLine("--background is for image files", "Received: black for IDX files", TrainedModels.DigitsFolder);
    }

    [TestMethod]
    public void Another_ground_than_the_model_was_trained_with_is_refused()
    {
        string image = Path.Combine(WriteStrokes(_folder["data"], ground: null), "lying", "0.png");
        string[] said = ["--background is for models that were trained on IDX data", "Received: black", TrainedModels.ColoursModel, "its own: white"];
        ConvNetProgram.Run("predict", "--model", TrainedModels.ColoursModel, image, "--background", "black").FailedWithOneLine(said);
        ConvNetProgram.Run("evaluate", "--model", TrainedModels.ColoursModel, "--data", TrainedModels.ColoursFolder, "--background", "black")
            .FailedWithOneLine(said);
        ConvNetProgram.Run("predict", "--model", TrainedModels.ColoursModel, image, "--background", "white").Succeeded();
        ConvNetProgram.Run("predict", "--model", TrainedModels.ColoursModel, image, "--background", "grey").FailedWithOneLine("grey", "black");
    }

    /// <summary>Writes white strokes, lying and standing ones, on transparent ground or on grey of some brightness.</summary>
    private static string WriteStrokes(string folder, byte? ground)
    {
        for (int isStanding = 0; isStanding < 2; isStanding++)
        {
            string classFolder = Directory.CreateDirectory(Path.Combine(folder, isStanding == 0 ? "lying" : "standing")).FullName;
            for (int number = 0; number < 12; number++)
            {
                byte[] pixels = new byte[16 * 16 * 4];
                for (int i = 0; i < 256; i++)
                {
                    int across = isStanding == 0 ? i / 16 : i % 16;
                    bool isStroke = across >= number + 2 && across < number + 5;
                    pixels.AsSpan(4 * i, 3).Fill(isStroke ? byte.MaxValue : ground ?? 0);
                    pixels[(4 * i) + 3] = isStroke || ground is not null ? byte.MaxValue : (byte)0;
                }

                PngFiles.Write(Path.Combine(classFolder, $"{number}.png"), 16, 16, pixels);
            }
        }

        return folder;
    }

    private void AssertSame(string model, string expected, string actual, params string[] options)
    {
        string[] images = [Path.Combine(expected, "lying", "3.png"), Path.Combine(actual, "lying", "3.png")];
        string path = Path.IsPathRooted(model) ? model : _folder[model];
        ConvNetProgram.Run(["predict", "--model", path, "--json", _folder["p.json"], .. images, .. options]).Succeeded();
        JsonElement predictions = TrainedModels.ReadJson(_folder["p.json"]).GetProperty("predictions");
        Assert.AreEqual(predictions[0].GetProperty("probabilities").GetRawText(), predictions[1].GetProperty("probabilities").GetRawText());
    }
}
