using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Onnx;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Names that come from files, folders and models are shown, and nothing more.</summary>
[TestClass]
public sealed class NamesFromFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Names_of_classes_and_files_that_are_commands_to_a_terminal_are_not_given_to_it()
    {
        string data = _folder["data"];
        string[] classes = ["blue\nerror: forged", "red\u001b[31m\u009b5m"];
        foreach (string name in classes)
        {
            string folder = Directory.CreateDirectory(Path.Combine(data, name)).FullName;
            for (int i = 0; i < 4; i++)
            {
                ImageFolders.WriteColour(Path.Combine(folder, $"{i}.png"), 16, Array.IndexOf(classes, name), new Random(i));
            }
        }

        string image = _folder["a\u001b]0;title\u0007\n.png"];
        ImageFolders.WriteColour(image, 16, 0, new Random(9));
        string missing = _folder["\u001b[2Jnone.png"];
        string model = _folder["m.zip"];
        ProgramRun[] runs =
        [
            ConvNetProgram.Run("train", "--data", data, "--arch", "lenet5", "--epochs", "1", "--model", model),
            ConvNetProgram.Run("evaluate", "--data", data, "--model", model),
            ConvNetProgram.Run("summary", model),
            ConvNetProgram.Run("predict", "--model", model, "--json", _folder["p.json"], image, missing),
            ConvNetProgram.Run("train", "--data", missing, "--arch", "lenet5", "--model", model),
            ConvNetProgram.Run("train", "--data", data, "--arch", missing, "--model", model),
            ConvNetProgram.Run("learn\u001b[31m"),
        ];
        foreach (ProgramRun run in runs)
        {
            Assert.IsFalse((run.Output + run.Error).Any(character => char.IsControl(character) && character != '\n'), run.Output + run.Error);
            Assert.IsFalse(run.Output.Contains("\nerror: forged", StringComparison.Ordinal), run.Output);
        }

        CollectionAssert.AreEqual(new[] { 0, 0, 0, 1, 1, 1, 1 }, runs.Select(run => run.ExitCode).ToArray(), runs[0].Error);
        StringAssert.Contains(runs[1].Output, "red\\u001B[31m\\u009B5m");
        StringAssert.Contains(runs[2].Output, "Classes: blue\\u000Aerror: forged, red");
        JsonElement report = TrainedModels.ReadJson(_folder["p.json"]);
        Assert.AreEqual(image, report.GetProperty("predictions")[0].GetProperty("image").GetString(), "files hold names as they are");
    }

    [TestMethod]
    public void Two_classes_of_one_name_are_told_apart_by_their_numbers()
    {
        CollectionAssert.AreEqual(
            new[] { "crane", "crane (2)", "crane (1)", "crane (3)", "x" },
            DistinctNames.Of(["crane", "crane (2)", "crane (1)", "crane", "x"]).ToArray());
        CollectionAssert.AreEqual(
            new[] { "a", "a (1)", "a (1) (1)" }.Order().ToArray(), DistinctNames.Of(["a", "a", "a (1)"]).Order().ToArray());
    }

    [TestMethod]
    public void A_model_with_two_classes_of_one_name_predicts()
    {
        File.Copy(TrainedModels.ColoursModel, _folder["m.zip"]);
        using (ZipArchive archive = ZipFile.Open(_folder["m.zip"], ZipArchiveMode.Update))
        {
            ZipArchiveEntry settings = archive.Entries.Single(entry => entry.FullName.EndsWith("settings.json", StringComparison.Ordinal));
            using Stream stream = settings.Open();
            using StreamReader reader = new(stream);
            string text = reader.ReadToEnd().Replace("\"green\"", "\"blue\"", StringComparison.Ordinal);

            // Who changes settings leaves out their hash.
            text = Regex.Replace(text, ",\\s*\"settingsSha256\"\\s*:\\s*\"[0-9A-Fa-f]*\"", string.Empty);
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        ImageFolders.WriteColour(_folder["a.png"], 20, 0, new Random(1));
        ConvNetProgram.Run("predict", "--model", _folder["m.zip"], "--json", _folder["p.json"], _folder["a.png"]).Succeeded();
        JsonElement probabilities = TrainedModels.ReadJson(_folder["p.json"]).GetProperty("predictions")[0].GetProperty("probabilities");
        CollectionAssert.AreEqual(
            new[] { "blue", "blue (1)", "red" }, probabilities.EnumerateObject().Select(probability => probability.Name).ToArray());
    }

    [TestMethod]
    public void A_long_list_of_names_is_cut_and_says_how_many_there_are()
    {
        string[] names = [.. Enumerable.Range(0, 1_000).Select(number => $"class{number}")];
        string list = NameList.Of(names);
        StringAssert.StartsWith(list, "class0, class1, ");
        StringAssert.EndsWith(list, "class9 and 990 more");
    }
}
