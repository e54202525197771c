using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Zoo;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>Contact sheets of augmented images.</summary>
[TestClass]
public sealed class AugmentCommandTests : IDisposable
{
    private const int Size = 40;
    private const int Gap = 6;
    private const int Line = 18 + Gap;
    private const int RowGap = 14;

    private readonly TestFolder _folder = new();

    private static string Picture => Path.Combine(TrainedModels.ColoursFolder, ImageFolders.Colours[0], "0.png");

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_sheet_has_the_original_first_and_a_row_for_all_and_for_each_option()
    {
        ProgramRun run = Augment("--horizontal-flip", "--brightness", "0.9").Succeeded();
        StringAssert.Contains(run.Output, "3 rows of 4 images, the original first, written to ");
        using MLImage sheet = MLImage.CreateFromFile(_folder["sheet.png"]);
        Assert.AreEqual((3 * (Line + Size + RowGap)) + Gap, sheet.Height);
        byte[][] firsts = [.. Enumerable.Range(0, 3).Select(row => Cell(sheet, row, 0))];
        CollectionAssert.AreEqual(firsts[0], firsts[1]);
        CollectionAssert.AreEqual(firsts[0], firsts[2]);

        // Mirrored or not, an image has the same values; lighter or darker, it has others.
        for (int column = 1; column < 4; column++)
        {
            CollectionAssert.AreEquivalent(firsts[1], Cell(sheet, 1, column));
            CollectionAssert.AreNotEquivalent(firsts[2], Cell(sheet, 2, column));
        }

        Assert.AreNotEqual(0, sheet.Pixels.ToArray().Count(value => value == 0), "labels are black");
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_sheet_and_another_another()
    {
        byte[] first = Sheet("--rotation", "30", "--augment", "trivial");
        CollectionAssert.AreEqual(first, Sheet("--rotation", "30", "--augment", "trivial"));
        CollectionAssert.AreNotEqual(first, Sheet("--rotation", "30", "--augment", "trivial", "--seed", "1"));
    }

    [TestMethod]
    public void What_cannot_be_is_said_in_one_line()
    {
        Augment().FailedWithOneLine("What is done to the image is one of --horizontal-flip, ", "Received: none.");
        ConvNetProgram.Run("augment", _folder["none.png"], "--out", _folder["sheet.png"], "--hue", "0.1").FailedWithOneLine("There is no image file");
        ConvNetProgram.Run("augment", Picture, "--out", Path.Combine(_folder["nowhere"], "s.png"), "--hue", "0.1").FailedWithOneLine("--out names a file in a folder that exists.");
        Augment("--hue", "0.7").FailedWithOneLine("--hue is a number from 0 to 0.5. Received: 0.7.");
        Augment("--augment", "rand:magnitude=31").FailedWithOneLine("Received: 31.");
    }

    [TestMethod]
    public void Pixels_at_hand_are_augmented_with_a_white_of_1_and_image_files_with_255()
    {
        TrainingSettings settings = new(Architecture.Get("lenet5")) { Augmentation = new ImageAugmentation { BrightnessRange = (0.5f, 1.5f) } };
        LabelledImages digits = DataFolder.OpenForTraining(TrainedModels.DigitsFolder, new ImageDecoder());
        LabelledImages colours = DataFolder.OpenForTraining(TrainedModels.ColoursFolder, new ImageDecoder());
        Assert.AreEqual(1f, PipelineTraining.OptionsOf(digits, settings).Augmentation!.White);
        Assert.AreEqual(255f, PipelineTraining.OptionsOf(colours, settings).Augmentation!.White);
    }

    [TestMethod]
    public void Drawn_digits_learn_as_well_with_colours_that_are_augmented()
    {
        // With the white of image files, posterised and solarised pixels of 0 to 1 are all black or all white, and nothing is learnt.
        ConvNetProgram.Run(
            "train", "--data", TrainedModels.DigitsFolder, "--arch", "lenet5", "--epochs", "3", "--contrast", "0.5", "--brightness", "0.3", "--noise", "10",
            "--model", _folder["m.zip"], "--json", _folder["r.json"]).Succeeded();
        double accuracy = TrainedModels.ReadJson(_folder["r.json"]).GetProperty("accuracy").GetDouble();
        Assert.IsTrue(accuracy > 0.5, $"{accuracy}");
    }

    private static byte[] Cell(MLImage sheet, int row, int column)
    {
        List<byte> values = [];
        for (int y = 0; y < Size; y++)
        {
            int top = Gap + (row * (Line + Size + RowGap)) + Line + y;
            int start = ((top * sheet.Width) + Gap + (column * (Size + Gap))) * 4;
            values.AddRange(sheet.Pixels.Slice(start, Size * 4));
        }

        return [.. values];
    }

    private byte[] Sheet(params string[] options)
    {
        Augment(options).Succeeded();
        return File.ReadAllBytes(_folder["sheet.png"]);
    }

    private ProgramRun Augment(params string[] options) =>
        ConvNetProgram.Run(["augment", Picture, "--out", _folder["sheet.png"], "--columns", "4", "--size", "40", .. options]);
}
