using System.Globalization;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>The normalisation of pixels that options give: PixelOffsets and PixelScales, one number or one a channel.</summary>
internal static class GivenNormalization
{
    /// <summary>Throws where the numbers cannot be used, whatever the images.</summary>
    public static void Check(IReadOnlyList<float>? offsets, IReadOnlyList<float>? scales)
    {
        foreach (IReadOnlyList<float>? numbers in new[] { offsets, scales })
        {
            if (numbers is not null && (numbers.Count == 0 || !numbers.All(float.IsFinite)))
            {
                throw new ArgumentException(
                    $"{nameof(ConvNetTrainingOptions.PixelOffsets)} and {nameof(ConvNetTrainingOptions.PixelScales)} are finite numbers, "
                    + $"one or one a channel. Received: {(numbers.Count == 0 ? "none" : Text(numbers))}.");
            }
        }
    }

    /// <summary>What is done to images of a shape; offsets that are not given are 0, and scales 1.</summary>
    /// <exception cref="ArgumentException">There is neither one finite number nor one a channel.</exception>
    public static PixelNormalization Of(IReadOnlyList<float>? offsets, IReadOnlyList<float>? scales, Shape shape)
    {
        Require(offsets, shape, nameof(ConvNetTrainingOptions.PixelOffsets));
        Require(scales, shape, nameof(ConvNetTrainingOptions.PixelScales));
        return PixelNormalization.Of(offsets, scales);
    }

    private static void Require(IReadOnlyList<float>? numbers, Shape shape, string name)
    {
        int channels = shape.Channels;
        if (numbers is not null
            && ((numbers.Count != 1 && numbers.Count != channels && numbers.Count != shape.ElementCount) || !numbers.All(float.IsFinite)))
        {
            throw new ArgumentException(
                $"{name} has one finite number, or one for each of {channels} channels, or a mean image. "
                + FormattableString.Invariant($"Received: {numbers.Count} numbers, {Text(numbers)}."));
        }
    }

    private static string Text(IReadOnlyList<float> numbers) =>
        NameList.Of(numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
