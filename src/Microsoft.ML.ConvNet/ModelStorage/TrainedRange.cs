using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>
/// Whether a network was trained on numbers as pixels are, from 0 to 255. Images and bytes are; vectors of floats may have had any scale, of which a
/// file says nothing but how they were normalised.
/// </summary>
internal static class TrainedRange
{
    private const float LargestPixel = 255;

    // Of pixels, the mean and four deviations come to more than a quarter of their range, however dark or pale the images are: 130 and more of photographs,
    // 350 of white strokes. Of numbers from 0 to 1 they are at most 3.
    private const float LeastReach = 64;
    private const float Deviations = 4;

    /// <summary>Throws where a network plainly was trained on other numbers.</summary>
    /// <param name="file">The network.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="ModelFormatException">It was.</exception>
    public static void RequirePixels(NetworkFile file, string path)
    {
        if (FeatureTypeSettings.ItemOf(file.Settings) != nameof(Single))
        {
            return;
        }

        PixelNormalization normalization = file.Normalization;
        float least = normalization.Offsets.Min();
        float greatest = normalization.Offsets.Max();

        // Values that are all the same have no deviation, and the scale 1.
        float deviation = normalization.Scales.Where(scale => scale != 0).Select(scale => 1 / Math.Abs(scale)).DefaultIfEmpty(1).Max();
        bool arePixels = least >= 0 && greatest <= LargestPixel && deviation <= LargestPixel + 1 && greatest + (Deviations * deviation) >= LeastReach;
        if (!arePixels)
        {
            string means = least == greatest ? FormattableString.Invariant($"{least:G4}") : FormattableString.Invariant($"{least:G4} to {greatest:G4}");
            throw new ModelFormatException(
                FormattableString.Invariant($"A pretrained model takes pixels from 0 to {LargestPixel}. Received: \"{path}\", which was trained on vectors of floats ")
                + FormattableString.Invariant($"about {means} with a deviation of {deviation:G4}, which are none. Load it with ")
                + $"{nameof(NetworkFile)}.{nameof(NetworkFile.Load)}, and give new {nameof(PretrainedModel)}(network, weights, normalization, order, name) the "
                + "normalization of pixels: where they had been divided by 255, its offsets times 255 and its scales by 255.");
        }
    }
}
