using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>What the demo trains and tests with.</summary>
/// <param name="Description">What the images are.</param>
/// <param name="Training">The images to train with.</param>
/// <param name="Test">The images to test with.</param>
/// <param name="Epochs">How often to go through the former so that the demo stays short.</param>
internal sealed record DemoData(string Description, LabelledImages Training, LabelledImages Test, int Epochs)
{
    private const int DrawnTraining = 10_000;
    private const int DrawnTest = 2_000;
    private const int DrawnSeed = 1;
    private const double TestFraction = 1.0 / 6;

    /// <summary>About how many images are learnt from, counting each as often as it is.</summary>
    private const int Effort = 40_000;
    private const int FewestEpochs = 4;
    private const int MostEpochs = 30;

    /// <summary>Opens a folder, or draws digits.</summary>
    /// <param name="path">The folder: of IDX files, with training and test part, or of images; null to draw digits.</param>
    /// <exception cref="CommandException">There are no images, or not enough.</exception>
    public static DemoData Open(string? path)
    {
        if (path == null)
        {
            return Create(
                "drawn digits",
                new PixelImages(new SyntheticDigits(DrawnTraining, DrawnSeed).ToDataset()),
                new PixelImages(new SyntheticDigits(DrawnTest, DrawnSeed + 1).ToDataset()));
        }

        ImageDecoder decoder = new();
        LabelledImages images = DataFolder.OpenForTraining(path, decoder);
        if (images is PixelImages)
        {
            return Create(DataFolder.Describe(path), images, DataFolder.OpenForEvaluation(path, images.ClassNames, decoder));
        }

        (LabelledImages training, LabelledImages test) = images.Divide(TestFraction, seed: 0);
        return Create($"images in {TerminalText.Of(path)}", training, test);
    }

    private static DemoData Create(string description, LabelledImages training, LabelledImages test) =>
        new(description, training, test, Math.Clamp((int)Math.Round((double)Effort / training.Count), FewestEpochs, MostEpochs));
}
