using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Brings image files to the form of IDX data, for models that were trained on such: resized to the model's height and width, and for
/// one channel made grey by their luminance (ITU-R BT.601). Light and dark are kept: a model of white digits on black wants such images.
/// </summary>
internal static class ImageConversion
{
    private const int Colours = 3;

    /// <summary>Reads and converts files.</summary>
    /// <param name="context">The context.</param>
    /// <param name="files">The files, put on the ground that transparent ones are to lie on (<see cref="ImageFiles.On"/>).</param>
    /// <param name="shape">The shape <c>[H, W, C]</c> that the model reads, with 1 or 3 channels.</param>
    /// <param name="onUnreadable">Takes the number of each file that cannot be read, and why; where it is null, that is thrown.</param>
    /// <returns>The images of the files that can be read, and the number of each.</returns>
    /// <exception cref="CommandException">The model reads another number of channels.</exception>
    public static (PixelImages Images, IReadOnlyList<int> Numbers) ToPixels(
        MLContext context, ImageFiles files, Shape shape, Action<int, CommandException>? onUnreadable = null)
    {
        if (!shape.IsImage || shape.Channels is not (1 or Colours))
        {
            throw new CommandException($"Image files can be converted for a model that reads 1 or 3 channels. This one reads {shape}.");
        }

        EstimatorChain<ImagePixelExtractingTransformer> steps = context.Transforms
            .ResizeImages(ColumnNames.Image, shape.Width, shape.Height, ColumnNames.Image, ImageResizingEstimator.ResizingKind.Fill)
            .Append(context.Transforms.ExtractPixels(
                nameof(PixelsRow.Pixels),
                ColumnNames.Image,
                orderOfExtraction: ImagePixelExtractingEstimator.ColorsOrder.ARGB,
                interleavePixelColors: true));
        IDataView rows = files.ToDataView(context, onUnreadable);
        InMemoryDataset images = new(shape, Math.Max(1, files.ClassNames.Count));
        List<int> numbers = [];
        float[] sample = new float[shape.ElementCount];
        foreach (PixelsRow row in context.Data.CreateEnumerable<PixelsRow>(steps.Fit(rows).Transform(rows), reuseRowObject: true))
        {
            Convert(row.Pixels.GetValues(), sample, shape.Channels);
            images.Add(sample, files.ClassOf(row.Number));
            numbers.Add(row.Number);
        }

        return (new PixelImages(images, files.ClassNames, PixelForm.Floats), numbers);
    }

    private static void Convert(ReadOnlySpan<float> colours, Span<float> sample, int channels)
    {
        if (channels == Colours)
        {
            colours.CopyTo(sample);
            return;
        }

        for (int i = 0; i < sample.Length; i++)
        {
            (float red, float green, float blue) = (colours[Colours * i], colours[(Colours * i) + 1], colours[(Colours * i) + 2]);
            bool isGrey = red == green && green == blue;
            sample[i] = isGrey ? red : (0.299f * red) + (0.587f * green) + (0.114f * blue);
        }
    }

    private sealed class PixelsRow
    {
        public int Number { get; set; }

        public VBuffer<float> Pixels { get; set; }
    }
}
