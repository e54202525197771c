using Microsoft.ML.ConvNet.Kernels.Warping;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Warping;

/// <summary>A value of a warped image by its definition.</summary>
internal static class WarpOracle
{
    // How far from where a choice between pixels turns the float positions of the kernel may fall on the other side.
    private const double Doubt = 1e-3;

    public static IReadOnlyList<string> Borders { get; } = ["constant", "nearest", "reflect", "wrap"];

    /// <summary>The value in double; several where it hangs on rounding which pixel is the nearest.</summary>
    public static double[] Values(
        float[] image, int height, int width, int channels, AffineMap map, string border, bool isNearest, float fill, int index)
    {
        int row = index / channels / width;
        int column = index / channels % width;
        double x = (map.A * column) + (map.B * row) + map.C;
        double y = (map.D * column) + (map.E * row) + map.F;
        double At(double r, double c) => Pixel(image, height, width, channels, border, fill, (int)r, (int)c, index % channels);
        if (isNearest)
        {
            double[] columns = [Math.Floor(x + 0.5), Math.Floor(x + 0.5 - Doubt), Math.Floor(x + 0.5 + Doubt)];
            double[] rows = [Math.Floor(y + 0.5), Math.Floor(y + 0.5 - Doubt), Math.Floor(y + 0.5 + Doubt)];
            return [.. rows.SelectMany(r => columns.Select(c => At(r, c))).Distinct()];
        }

        double left = Math.Floor(x);
        double top = Math.Floor(y);
        double upper = At(top, left) + ((At(top, left + 1) - At(top, left)) * (x - left));
        double lower = At(top + 1, left) + ((At(top + 1, left + 1) - At(top + 1, left)) * (x - left));
        return [upper + ((lower - upper) * (y - top))];
    }

    /// <summary>The bilinear value of an image that is repeated, in float: each step rounded.</summary>
    public static float InFloat(float[] image, int height, int width, int channels, AffineMap map, int index)
    {
        int row = index / channels / width;
        float column = index / channels % width;
        float x = (column * (float)map.A) + (float)((map.B * row) + map.C);
        float y = (column * (float)map.D) + (float)((map.E * row) + map.F);
        float left = MathF.Floor(x);
        float top = MathF.Floor(y);
        float At(float r, float c) => (float)Pixel(image, height, width, channels, "wrap", 0, (int)r, (int)c, index % channels);
        float upper = At(top, left) + ((At(top, left + 1) - At(top, left)) * (x - left));
        float lower = At(top + 1, left) + ((At(top + 1, left + 1) - At(top + 1, left)) * (x - left));
        return upper + ((lower - upper) * (y - top));
    }

    private static double Pixel(
        float[] image, int height, int width, int channels, string border, float fill, int row, int column, int channel)
    {
        int r = Place(row, height, border);
        int c = Place(column, width, border);
        return r < 0 || c < 0 ? fill : image[(((r * width) + c) * channels) + channel];
    }

    // Each mode as the picture of it in its documentation: step by step from outside.
    private static int Place(int place, int count, string border)
    {
        while (place < 0 || place >= count)
        {
            switch (border)
            {
                case "constant":
                    return -1;
                case "nearest":
                    return place < 0 ? 0 : count - 1;
                case "wrap":
                    place += place < 0 ? count : -count;
                    break;
                default:
                    place = place < 0 ? -1 - place : (2 * count) - 1 - place;
                    break;
            }
        }

        return place;
    }
}
