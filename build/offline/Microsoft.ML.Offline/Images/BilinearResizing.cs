using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>
/// Scales an image into a rectangle of a canvas by bilinear interpolation. Where it shrinks, the triangle widens to the pixels
/// that one result pixel covers, so that none is skipped. Outside of the rectangle the canvas is zero.
/// </summary>
internal static class BilinearResizing
{
    public static MLImage Resize(MLImage source, int width, int height, TargetRectangle target)
    {
        var pixels = new byte[width * height * 4];
        Taps[] columns = ComputeTaps(target.X, target.Width, source.Width, width);
        Taps[] rows = ComputeTaps(target.Y, target.Height, source.Height, height);
        if (columns.Length != 0 && rows.Length != 0)
        {
            float[] across = ScaleAcross(source, columns, rows[0].First, rows[^1].End);
            ScaleDown(across, columns, rows, width, pixels);
        }

        return new MLImage(width, height, MLPixelFormat.Bgra32, isOpaque: true, pixels);
    }

    private static float[] ScaleAcross(MLImage source, Taps[] columns, int firstRow, int endRow)
    {
        ReadOnlySpan<byte> from = source.Pixels;
        (int blue, int red) = source.PixelFormat == MLPixelFormat.Rgba32 ? (2, 0) : (0, 2);
        var across = new float[(endRow - firstRow) * columns.Length * 4];
        int i = 0;
        for (int y = firstRow; y < endRow; y++)
        {
            foreach (Taps taps in columns)
            {
                float b = 0, g = 0, r = 0, a = 0;
                int j = (y * source.Width + taps.First) * 4;
                foreach (float weight in taps.Weights)
                {
                    b += weight * from[j + blue];
                    g += weight * from[j + 1];
                    r += weight * from[j + red];
                    a += weight * from[j + 3];
                    j += 4;
                }

                across[i++] = b;
                across[i++] = g;
                across[i++] = r;
                across[i++] = a;
            }
        }

        return across;
    }

    private static void ScaleDown(float[] across, Taps[] columns, Taps[] rows, int width, byte[] pixels)
    {
        int stride = columns.Length * 4;
        int firstRow = rows[0].First;
        foreach (Taps taps in rows)
        {
            Span<byte> to = pixels.AsSpan((taps.Position * width + columns[0].Position) * 4, stride);
            for (int i = 0; i < stride; i++)
            {
                float sum = 0;
                int j = (taps.First - firstRow) * stride + i;
                foreach (float weight in taps.Weights)
                {
                    sum += weight * across[j];
                    j += stride;
                }

                to[i] = (byte)(sum + 0.5f);
            }
        }
    }

    /// <summary>For each position of the canvas inside the target, in order, the source pixels that it is the weighted mean of.</summary>
    private static Taps[] ComputeTaps(int targetStart, int targetSize, int sourceSize, int canvasSize)
    {
        var all = new List<Taps>();
        double scale = (double)sourceSize / targetSize;
        double support = Math.Max(1, scale);
        for (int position = Math.Max(0, targetStart); position < Math.Min(canvasSize, targetStart + targetSize); position++)
        {
            double center = (position - targetStart + 0.5) * scale - 0.5;
            int first = Math.Max(0, (int)Math.Floor(center - support) + 1);
            int end = Math.Min(sourceSize, (int)Math.Ceiling(center + support));
            var weights = new float[end - first];
            double sum = 0;
            for (int i = first; i < end; i++)
            {
                sum += 1 - Math.Abs(i - center) / support;
            }

            for (int i = first; i < end; i++)
            {
                weights[i - first] = (float)((1 - Math.Abs(i - center) / support) / sum);
            }

            all.Add(new Taps(position, first, weights));
        }

        return [.. all];
    }

    private readonly record struct Taps(int Position, int First, float[] Weights)
    {
        public int End => First + Weights.Length;
    }
}
