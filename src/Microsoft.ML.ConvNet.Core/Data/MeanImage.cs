using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>The mean of all images of a training, a number a pixel and channel, which some networks have subtracted from theirs.</summary>
internal static class MeanImage
{
    /// <summary>
    /// Brings a mean image to another size, each side by itself: by bilinear interpolation between the centres of pixels, which is enough for the
    /// smooth picture that a mean of many images is.
    /// </summary>
    /// <param name="values">The image, row-major, channels innermost.</param>
    /// <param name="from">Its shape, <c>[H, W, C]</c>.</param>
    /// <param name="to">The shape that it gets.</param>
    public static float[] Resize(ReadOnlySpan<float> values, Shape from, Shape to)
    {
        float[] resized = new float[to.ElementCount];
        int channels = from.Channels;
        for (int row = 0; row < to.Height; row++)
        {
            (int top, int bottom, float down) = Neighbours(row, from.Height, to.Height);
            for (int column = 0; column < to.Width; column++)
            {
                (int left, int right, float across) = Neighbours(column, from.Width, to.Width);
                for (int channel = 0; channel < channels; channel++)
                {
                    float Value(ReadOnlySpan<float> image, int y, int x) => image[(((y * from.Width) + x) * channels) + channel];

                    float above = Mix(Value(values, top, left), Value(values, top, right), across);
                    float below = Mix(Value(values, bottom, left), Value(values, bottom, right), across);
                    resized[(((row * to.Width) + column) * channels) + channel] = Mix(above, below, down);
                }
            }
        }

        return resized;
    }

    private static (int First, int Second, float Share) Neighbours(int place, int from, int to)
    {
        double centre = Math.Clamp(((place + 0.5) * from / to) - 0.5, 0, from - 1);
        int first = (int)centre;
        return (first, Math.Min(first + 1, from - 1), (float)(centre - first));
    }

    // Equal numbers stay as they are, to the bit.
    private static float Mix(float first, float second, float share) => first + ((second - first) * share);
}
