using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>What --data takes beside MNIST's files and folders of classes.</summary>
[TestClass]
public sealed class DataKindTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Records_of_CIFAR_are_trained_and_evaluated_with_the_names_of_their_classes()
    {
        string data = _folder["cifar"];
        Directory.CreateDirectory(data);
        File.WriteAllBytes(Path.Combine(data, "data_batch_1.bin"), [.. Enumerable.Range(0, 40).SelectMany(i => Record((byte)(i % 2 == 0 ? 3 : 5)))]);
        File.WriteAllBytes(Path.Combine(data, "test_batch.bin"), [.. Record(3), .. Record(5), .. Record(5)]);

        ProgramRun run = Train(data).Succeeded();
        StringAssert.Contains(run.Output, "40 images, 32x32x3");
        ProgramRun evaluated = ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", data).Succeeded();
        StringAssert.Contains(evaluated.Output, "3 images");
        StringAssert.Contains(ConvNetProgram.Run("summary", _folder["m.zip"]).Output, "cat");
    }

    [TestMethod]
    public void One_set_of_several_is_named_by_its_file_of_images()
    {
        string data = _folder["emnist"];
        byte[] labels = [.. Enumerable.Range(0, 20).Select(i => (byte)((i % 2) + 1))];
        byte[] pixels = [.. Enumerable.Range(0, 20 * 16).Select(i => (byte)(i / 16 % 2 * 255))];
        IdxFiles.Write(data, "emnist-letters-train", [20, 4, 4], pixels, labels);
        IdxFiles.Write(data, "emnist-digits-train", [20, 4, 4], pixels, labels);
        File.WriteAllText(Path.Combine(data, "emnist-letters-mapping.txt"), "1 65 97\n2 66 98\n");

        Train(data).FailedWithOneLine("one set", "emnist-digits-train-images-idx3-ubyte", "emnist-letters-train-images-idx3-ubyte");
        string file = Path.Combine(data, "emnist-letters-train-images-idx3-ubyte");
        Train(file).Succeeded();
        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", file).Succeeded();
    }

    [TestMethod]
    public void A_list_says_which_images_are_trained_and_which_are_evaluated()
    {
        string data = ImageFolders.WriteColours(_folder["colours"], perClass: 4, size: _ => 16, seed: 2);
        string[] lines = [.. ImageFolders.Colours.SelectMany(name => new[] { $"{name}/0,train", $"{name}/1,train", $"{name}/2,test" })];
        File.WriteAllLines(_folder["parts.csv"], lines);

        ProgramRun run = Train(data, "--split", _folder["parts.csv"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "6 images");
        StringAssert.Contains(run.Error, "left out 3 images that the file of --split does not name");
        ProgramRun evaluated = ConvNetProgram.Run(
            "evaluate", "--model", _folder["m.zip"], "--data", data, "--split", _folder["parts.csv"]);
        StringAssert.Contains(evaluated.Output, "3 images");
        Train(TrainedModels.DigitsFolder, "--split", _folder["parts.csv"]).FailedWithOneLine("--split is for a folder");
        Train(data, "--split", _folder["none"]).FailedWithOneLine(_folder["none"]);
    }

    [TestMethod]
    public void A_folder_of_parts_is_trained_with_one_and_evaluated_with_the_other()
    {
        ImageFolders.WriteColours(Path.Combine(_folder["set"], "train"), perClass: 3, size: _ => 16, seed: 2);
        ImageFolders.WriteColours(Path.Combine(_folder["set"], "test"), perClass: 2, size: _ => 16, seed: 3);
        ProgramRun run = Train(_folder["set"]);
        StringAssert.Contains(run.Output, "9 images");
        StringAssert.Contains(run.Error, Path.Combine("set", "train"));
        StringAssert.Contains(ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", _folder["set"]).Output, "6 images");
    }

    /// <summary>Every kind of name that a folder's images may have, of files that the decoder takes for what they are.</summary>
    [TestMethod]
    [DataRow(".png")]
    [DataRow(".apng")]
    [DataRow(".dib")]
    [DataRow(".jif")]
    [DataRow(".cur")]
    public void Files_are_read_under_each_of_the_names_that_images_have(string extension)
    {
        string data = ImageFolders.WriteColours(_folder["colours"], perClass: 3, size: _ => 16, seed: 2);
        foreach (string file in Directory.GetFiles(data, "*.png", SearchOption.AllDirectories))
        {
            File.Move(file, Path.ChangeExtension(file, extension));
        }

        StringAssert.Contains(Train(data).Succeeded().Output, "9 images");
    }

    private ProgramRun Train(string data, params string[] options) => ConvNetProgram.Run(
        ["train", "--data", data, "--arch", "fc", "--epochs", "1", "--validation-fraction", "0", "--model", _folder["m.zip"], .. options]);

    private static byte[] Record(byte label) => [label, .. Enumerable.Repeat((byte)(label * 20), 3072)];
}
