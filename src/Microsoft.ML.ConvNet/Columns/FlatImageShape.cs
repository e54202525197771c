using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// The shape <c>[H, W, C]</c> of images in a column of flat vectors: what the options say, or else the only usual shape that has so many
/// values. Usual are one or three channels and sides as those of common pictures and cameras.
/// </summary>
internal static class FlatImageShape
{
    private const string Options =
        $"{nameof(ConvNetTrainingOptions.ImageHeight)}, {nameof(ConvNetTrainingOptions.ImageWidth)} and "
        + $"{nameof(ConvNetTrainingOptions.ImageChannels)}";

    private static readonly int[] UsualChannels = [1, 3];
    private static readonly (int Longer, int Shorter)[] UsualRatios = [(1, 1), (4, 3), (3, 2), (16, 9)];

    /// <summary>Finds the shape; where it is not the options' alone, the log says what it was taken for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No shape fits, or several do; the message lists them.</exception>
    public static Shape Of(
        IExceptionContext context, IChannel channel, string column, VectorDataViewType vector, ConvNetTrainingOptions options)
    {
        int size = vector.Size;
        if (OfOptions(size, options) is { } given)
        {
            return Count(given) == size
                ? new Shape(given.Height, given.Width, given.Channels)
                : throw context.Mismatch(FormattableString.Invariant(
                    $"Images of {given.Height}x{given.Width}x{given.Channels} have {Count(given)} values. ")
                    + $"Received: the column \"{column}\" of {vector}.");
        }

        Dimensions[] usual = [.. UsualShapes(size)];
        Dimensions[] candidates = [.. usual.Where(shape => Fits(shape, options))];
        if (candidates is not [var taken])
        {
            throw context.Mismatch(
                $"The flat vectors of the column \"{column}\" do not say the shape of the images. Received: {vector}, which "
                + $"{(candidates.Length > 0 ? $"can be {Text(candidates)}" : None(usual))}; set {Options}, or use ExtractPixels.");
        }

        channel.Info(
            MessageSensitivity.None,
            $"The flat vectors of the column \"{column}\" are taken for images of {Text(taken)} (height x width x channels), the only usual shape "
            + FormattableString.Invariant($"of {size} values; {Options} say another."));
        return new Shape(taken.Height, taken.Width, taken.Channels);
    }

    /// <summary>What two of the options say with the number of values; null where there are fewer.</summary>
    private static Dimensions? OfOptions(int size, ConvNetTrainingOptions options) => options switch
    {
        { ImageHeight: { } height, ImageWidth: { } width } => new(height, width, options.ImageChannels ?? Rest(size, height, width)),
        { ImageHeight: { } height, ImageChannels: { } channels } => new(height, Rest(size, height, channels), channels),
        { ImageWidth: { } width, ImageChannels: { } channels } => new(Rest(size, width, channels), width, channels),
        _ => null,
    };

    private static int Rest(int size, int one, int other) => (int)Math.Max(1, size / ((long)one * other));

    private static Int128 Count(Dimensions shape) => (Int128)shape.Height * shape.Width * shape.Channels;

    private static bool Fits(Dimensions shape, ConvNetTrainingOptions options) =>
        (options.ImageHeight ?? shape.Height) == shape.Height
        && (options.ImageWidth ?? shape.Width) == shape.Width
        && (options.ImageChannels ?? shape.Channels) == shape.Channels;

    private static IEnumerable<Dimensions> UsualShapes(int size)
    {
        foreach (int channels in UsualChannels)
        {
            foreach ((int longer, int shorter) in UsualRatios)
            {
                int unit = (int)Math.Round(Math.Sqrt((double)size / channels / (longer * shorter)));
                Dimensions landscape = new(shorter * unit, longer * unit, channels);
                if (unit > 0 && Count(landscape) == size)
                {
                    yield return landscape;
                    if (longer != shorter)
                    {
                        yield return new(longer * unit, shorter * unit, channels);
                    }
                }
            }
        }
    }

    private static string None(Dimensions[] usual) => usual.Length > 0
        ? $"can be {Text(usual)} and then is not what the options say"
        : "is no image of 1 or 3 channels with sides as 1:1, 4:3, 3:2 or 16:9";

    private static string Text(Dimensions[] shapes) =>
        string.Join(", ", shapes[..^1].Select(Text)) + (shapes.Length > 1 ? " or " : string.Empty) + Text(shapes[^1]);

    private static string Text(Dimensions shape) => FormattableString.Invariant($"{shape.Height}x{shape.Width}x{shape.Channels}");

    private readonly record struct Dimensions(int Height, int Width, int Channels);
}
