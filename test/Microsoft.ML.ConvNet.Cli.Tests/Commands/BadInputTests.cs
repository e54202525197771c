using System.IO.Compression;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Bad input ends with exit code 1 and one line on standard error that names what was received.</summary>
[TestClass]
public sealed class BadInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("learn", "learn")]
    [DataRow("train", "--data")]
    [DataRow("train --data x --arch lenet5", "--model")]
    [DataRow("train --data x --arch lenet5 --model m --bogus 1", "--bogus")]
    [DataRow("train --data x --arch lenet5 --model m --epochs many", "--epochs is a whole number from 1 to 1000000. Received: many.")]
    [DataRow("train --data x --arch lenet5 --model m --epochs 0", "Received: 0.")]
    [DataRow("train --data x --arch lenet5 --model m --batch-size -3", "--batch-size is a whole number from 1")]
    [DataRow("train --data x --arch lenet5 --model m --learning-rate NaN", "--learning-rate is a number from 1E-12 to 1000000. Received: NaN.")]
    [DataRow("train --data x --arch lenet5 --model m --learning-rate -0.1", "Received: -0.1.")]
    [DataRow("train --data x --arch lenet5 --model m --validation-fraction 1", "--validation-fraction is a number from 0 to under 1")]
    [DataRow("train --data x --arch lenet5 --model m --threads 5000", "--threads")]
    [DataRow("train --data x --arch lenet5 --model m --epochs 2147483647", "--epochs is a whole number from 1 to 1000000. Received: 2147483647.")]
    [DataRow("train --data x --arch lenet5 --model m --epochs 99999999999999", "Received: 99999999999999.")]
    [DataRow("train --data x --arch lenet5 --model m --learning-rate 1e-50", "from 1E-12 to 1000000. Received: 1e-50.")]
    [DataRow("train --data x --arch lenet5 --model m --learning-rate 1e39", "from 1E-12 to 1000000. Received: 1e39.")]
    [DataRow("train --data x --arch lenet5 --model m --clip-gradient-norm 0", "--clip-gradient-norm is a number from 1E-06 to 1000000. Received: 0.")]
    [DataRow("train --data x --arch lenet5 --model m --label-smoothing 1", "--label-smoothing is a number from 0 to under 1. Received: 1.")]
    [DataRow("train --data x --arch lenet5 --model m --order grb", "grb")]
    [DataRow("train --data x --arch lenet5 --model m --seed -1", "--seed is a whole number from 0 to 2147483647. Received: -1.")]
    [DataRow("train --data x --arch lenet5 --model m --max-pixels 600000000", "from 1 to 500000000. Received: 600000000.")]
    [DataRow("profile lenet5 --threads 1025", "--threads is a whole number from 0 to 1024. Received: 1025.")]
    [DataRow("profile lenet5 --batch 0", "--batch is a whole number from 1 to 1000000. Received: 0.")]
    [DataRow("profile lenet5 --runs 1000001", "--runs is a whole number from 1 to 1000000. Received: 1000001.")]
    [DataRow("summary lenet5 --width 65", "--width is a number from 0.001 to 64. Received: 65.")]
    [DataRow("summary lenet5 --classes 1000001", "--classes is a whole number from 1 to 1000000. Received: 1000001.")]
    [DataRow("summary lenet5 --input 0x28x1", "each from 1 to 65536, such as 32x32x3. Received: 0x28x1.")]
    [DataRow("summary lenet5 --input 65537x28x1", "Received: 65537x28x1.")]
    [DataRow("summary lenet5 --input 28x28", "Received: 28x28.")]
    [DataRow("summary lenet5 --input 65536x65536x3", "65536x65536x3")]
    [DataRow("verify m.onnx --data x --rtol 2", "--rtol is a number from 0 to 1. Received: 2.")]
    [DataRow("verify m.onnx --data x --atol -1", "--atol is a number from 0 to 1000000. Received: -1.")]
    [DataRow("import m.onnx --model m.zip --std 0", "from 1E-06 to 1000000")]
    [DataRow("import m.onnx --model m.zip --mean 1e7", "from -1000000 to 1000000")]
    [DataRow("train --data x --arch vgg99 --model m", "vgg99")]
    [DataRow("predict --model m.zip", "'IMAGE' missing")]
    public void Wrong_arguments(string arguments, string named) =>
        ConvNetProgram.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FailedWithOneLine(named);

    [TestMethod]
    public void Without_a_command_the_program_shows_its_help_and_how_to_begin()
    {
        string output = ConvNetProgram.Run().Succeeded().Output;
        foreach (string text in (string[])["convnet demo", "convnet train --data FOLDER", "predict", "import", "Exit codes"])
        {
            StringAssert.Contains(output, text);
        }

        Assert.AreEqual(output, ConvNetProgram.Run("--help").Succeeded().Output);
    }

    [TestMethod]
    public void An_ONNX_file_in_the_place_of_a_model_is_told_how_to_become_one()
    {
        foreach (string name in (string[])["m.onnx", "renamed.zip"])
        {
            ConvNetProgram.Run("export", "--model", TrainedModels.ColoursModel, _folder[name]).Succeeded();
            foreach (string[] arguments in (string[][])[["predict", "--model", _folder[name], "x.png"], ["summary", _folder[name]]])
            {
                ConvNetProgram.Run(arguments).FailedWithOneLine($"it is an ONNX model, of which convnet import \"{_folder[name]}\"");
            }
        }
    }

    [TestMethod]
    public void What_is_no_network_is_said_without_a_list_of_all_that_are()
    {
        ProgramRun run = ConvNetProgram.Run("summary", "vgg99").FailedWithOneLine("\"vgg99\"", "convnet zoo");
        Assert.IsTrue(run.Error.Length < 300, run.Error);
    }

    [TestMethod]
    public void A_data_folder_with_one_class()
    {
        ImageFolders.WriteColours(_folder["data"], perClass: 2, size: _ => 16, seed: 1);
        Directory.Delete(Path.Combine(_folder["data"], "green"), recursive: true);
        Directory.Delete(Path.Combine(_folder["data"], "blue"), recursive: true);
        Train(_folder["data"]).FailedWithOneLine("at least two classes", "\"red\"");
        IdxFiles.Write(_folder["idx"], "train", [2, 28, 28], new byte[2 * 784], [3, 3]);
        Train(_folder["idx"]).FailedWithOneLine("at least two classes");
    }

    [TestMethod]
    public void A_data_folder_that_does_not_exist() => Train(_folder["nowhere"]).FailedWithOneLine("nowhere", "does not exist");

    [TestMethod]
    public void A_data_folder_that_is_a_file()
    {
        File.WriteAllText(_folder["file"], "text");
        Train(_folder["file"]).FailedWithOneLine("the file");
    }

    [TestMethod]
    public void A_data_folder_without_images()
    {
        Directory.CreateDirectory(Path.Combine(_folder["data"], "cats"));
        Directory.CreateDirectory(Path.Combine(_folder["data"], "dogs"));
        Train(_folder["data"]).FailedWithOneLine(_folder["data"]);
    }

    [TestMethod]
    public void A_class_with_one_image()
    {
        ImageFolders.WriteColours(_folder["data"], perClass: 2, size: _ => 16, seed: 1);
        File.Delete(Path.Combine(_folder["data"], "green", "1.png"));
        Train(_folder["data"]).FailedWithOneLine("green", "one");
    }

    [TestMethod]
    public void A_corrupt_PNG_is_named_whenever_it_is_read()
    {
        ImageFolders.WriteColours(_folder["data"], perClass: 40, size: _ => 16, seed: 1);
        string corrupt = Path.Combine(_folder["data"], "green", "17.png");
        Corrupt(corrupt);
        Train(_folder["data"]).FailedWithOneLine(corrupt, "cannot be read as an image");
        Assert.IsFalse(File.Exists(_folder["m.zip"]));
        ConvNetProgram.Run("evaluate", "--model", TrainedModels.ColoursModel, "--data", _folder["data"]).FailedWithOneLine(corrupt);
        ConvNetProgram.Run("predict", "--model", TrainedModels.ColoursModel, corrupt).FailedWithOneLine(corrupt);
        ConvNetProgram.Run("predict", "--model", TrainedModels.DigitsModel, corrupt).FailedWithOneLine(corrupt);
    }

    [TestMethod]
    public void A_corrupt_PNG_that_is_held_out_is_named_too()
    {
        // 150 files: every second one is looked at for its size before the training begins, and this is one of the others.
        ImageFolders.WriteColours(_folder["data"], perClass: 50, size: _ => 16, seed: 1);
        ImageFiles images = (ImageFiles)DataFolder.OpenForTraining(_folder["data"], new ImageDecoder());
        ImageFiles heldOut = (ImageFiles)images.Divide(fraction: 0.1, seed: 0).HeldOut;
        HashSet<string> notLookedAt = [.. Enumerable.Range(0, images.Count).Where(i => i % 2 == 1).Select(images.PathOf)];
        string corrupt = Enumerable.Range(0, heldOut.Count).Select(heldOut.PathOf).First(notLookedAt.Contains);
        Corrupt(corrupt);
        ProgramRun run = Train(_folder["data"]);
        run.FailedWithOneLine(corrupt, "cannot be read as an image");
        StringAssert.Contains(run.Output, "135 to train, 15 to validate");
        Assert.IsFalse(File.Exists(_folder["m.zip"]));
    }

    [TestMethod]
    public void Images_too_small_for_the_first_windows()
    {
        ImageFolders.WriteColours(_folder["data"], perClass: 4, size: _ => 5, seed: 1);
        Train(_folder["data"]).FailedWithOneLine("5x5");
    }

    [TestMethod]
    public void An_IDX_file_whose_header_states_more_than_the_file_holds()
    {
        IdxFiles.Write(_folder["data"], "train", [1_000_000, 28, 28], new byte[4 * 784], [0, 0, 1, 1]);
        Train(_folder["data"]).FailedWithOneLine("train-");
    }

    [TestMethod]
    public void IDX_labels_out_of_range()
    {
        IdxFiles.Write(_folder["data"], "train", [4, 28, 28], new byte[4 * 784], [0, 0, 1, 255]);
        Train(_folder["data"]).FailedWithOneLine("255");
    }

    [TestMethod]
    public void IDX_files_of_another_image_size_than_the_model_reads()
    {
        IdxFiles.Write(_folder["data"], "t10k", [2, 20, 20], new byte[2 * 400], [0, 1]);
        ConvNetProgram.Run("evaluate", "--model", TrainedModels.DigitsModel, "--data", _folder["data"])
            .FailedWithOneLine("28x28x1", "20x20x1");
    }

    [TestMethod]
    public void IDX_files_for_a_model_of_image_files() =>
        ConvNetProgram.Run("evaluate", "--model", TrainedModels.ColoursModel, "--data", TrainedModels.DigitsFolder).FailedWithOneLine("0");

    [TestMethod]
    public void A_class_that_the_model_does_not_know()
    {
        string violet = Directory.CreateDirectory(Path.Combine(_folder["data"], "violet")).FullName;
        ImageFolders.WriteColour(Path.Combine(violet, "0.png"), 20, 0, new Random(1));
        ConvNetProgram.Run("evaluate", "--model", TrainedModels.ColoursModel, "--data", _folder["data"])
            .FailedWithOneLine("violet", "blue, green, red");
    }

    [TestMethod]
    public void A_model_file_that_does_not_exist() =>
        ConvNetProgram.Run("predict", "--model", _folder["none.zip"], "x.png").FailedWithOneLine(_folder["none.zip"]);

    [TestMethod]
    public void A_model_file_that_is_no_model()
    {
        File.WriteAllText(_folder["m.zip"], "not a zip");
        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", TrainedModels.DigitsFolder).FailedWithOneLine(_folder["m.zip"]);
    }

    [TestMethod]
    public void A_damaged_model_file_names_the_part_that_is_damaged()
    {
        File.Copy(TrainedModels.DigitsModel, _folder["m.zip"]);
        using (ZipArchive archive = ZipFile.Open(_folder["m.zip"], ZipArchiveMode.Update))
        {
            ZipArchiveEntry entry = archive.Entries.Single(
                entry => entry.FullName.EndsWith("weights.safetensors", StringComparison.Ordinal));
            using Stream stream = entry.Open();
            stream.SetLength(stream.Length / 2);
        }

        ConvNetProgram.Run("summary", _folder["m.zip"]).FailedWithOneLine(_folder["m.zip"], "damaged: weights.safetensors: ");
        ConvNetProgram.Run("evaluate", "--model", _folder["m.zip"], "--data", TrainedModels.DigitsFolder)
            .FailedWithOneLine(_folder["m.zip"], "damaged: weights.safetensors: ");
    }

    [TestMethod]
    public void A_place_for_the_model_that_does_not_exist_is_found_before_training()
    {
        ProgramRun run = ConvNetProgram.Run(
            "train", "--data", TrainedModels.DigitsFolder, "--arch", "lenet5", "--model", Path.Combine(_folder["none"], "m.zip"));
        run.FailedWithOneLine("--model", _folder["none"]);
        Assert.AreEqual(string.Empty, run.Output);
    }

    [TestMethod]
    public void A_place_for_the_report_that_is_a_folder_is_found_before_training()
    {
        ProgramRun run = ConvNetProgram.Run(
            "train", "--data", TrainedModels.DigitsFolder, "--arch", "lenet5", "--model", _folder["m.zip"], "--json", _folder.Path);
        run.FailedWithOneLine("--json", _folder.Path);
        Assert.AreEqual(string.Empty, run.Output);
    }

    [TestMethod]
    public void A_training_that_diverges_says_so_and_saves_nothing()
    {
        ProgramRun run = ConvNetProgram.Run(
            "train", "--data", TrainedModels.ColoursFolder, "--arch", "16x16x3 conv3-8 conv3-8 conv3-8 conv3-8 conv3-8 conv3-8 gap fc",
            "--batch-size", "8", "--learning-rate", "1e6", "--model", _folder["m.zip"]);
        run.FailedWithOneLine("finite", "learning rate", "--clip-gradient-norm");
        Assert.AreEqual(0, Directory.GetFiles(_folder.Path).Length);
    }

    private static void Corrupt(string png)
    {
        byte[] bytes = File.ReadAllBytes(png);
        bytes.AsSpan(bytes.Length / 2, 20).Clear();
        File.WriteAllBytes(png, bytes);
    }

    private ProgramRun Train(string data) =>
        ConvNetProgram.Run("train", "--data", data, "--arch", "lenet5", "--epochs", "1", "--model", _folder["m.zip"]);
}
