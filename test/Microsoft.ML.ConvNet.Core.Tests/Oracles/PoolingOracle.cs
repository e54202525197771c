using Microsoft.ML.ConvNet.Kernels.Pooling;

namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

/// <summary>Pooling by definition, in double.</summary>
internal static class PoolingOracle
{
    /// <summary>The maxima, and the position h W + w of each in its image: the first of equal ones.</summary>
    public static (double[] Values, int[] Positions) Max(PoolingShape s, int batch, double[] x)
    {
        double[] y = new double[batch * s.OutputLength];
        int[] positions = new int[y.Length];
        foreach ((int n, int oh, int ow, int c, List<(int H, int W)> window) in Windows(s, batch))
        {
            int output = (int)((n * s.OutputLength) + (((oh * s.OutputWidth) + ow) * s.Channels) + c);
            (int H, int W) best = window[0];
            foreach ((int H, int W) candidate in window)
            {
                if (x[Input(s, n, candidate, c)] > x[Input(s, n, best, c)])
                {
                    best = candidate;
                }
            }

            y[output] = x[Input(s, n, best, c)];
            positions[output] = (best.H * s.InputWidth) + best.W;
        }

        return (y, positions);
    }

    public static double[] MaxGradient(PoolingShape s, int batch, double[] x, double[] dy)
    {
        (_, int[] positions) = Max(s, batch, x);
        double[] dx = new double[x.Length];
        foreach ((int n, int oh, int ow, int c, _) in Windows(s, batch))
        {
            int output = (int)((n * s.OutputLength) + (((oh * s.OutputWidth) + ow) * s.Channels) + c);
            dx[(int)(n * s.InputLength) + (positions[output] * s.Channels) + c] += dy[output];
        }

        return dx;
    }

    public static double[] Average(PoolingShape s, int batch, double[] x)
    {
        double[] y = new double[batch * s.OutputLength];
        foreach ((int n, int oh, int ow, int c, List<(int H, int W)> window) in Windows(s, batch))
        {
            double sum = 0;
            foreach ((int H, int W) pixel in window)
            {
                sum += x[Input(s, n, pixel, c)];
            }

            y[(n * s.OutputLength) + (((oh * s.OutputWidth) + ow) * s.Channels) + c] = sum / Divisor(s, oh, ow, window.Count);
        }

        return y;
    }

    public static double[] AverageGradient(PoolingShape s, int batch, double[] dy)
    {
        double[] dx = new double[batch * s.InputLength];
        foreach ((int n, int oh, int ow, int c, List<(int H, int W)> window) in Windows(s, batch))
        {
            double gradient = dy[(n * s.OutputLength) + (((oh * s.OutputWidth) + ow) * s.Channels) + c];
            foreach ((int H, int W) pixel in window)
            {
                dx[Input(s, n, pixel, c)] += gradient / Divisor(s, oh, ow, window.Count);
            }
        }

        return dx;
    }

    private static int Divisor(PoolingShape s, int oh, int ow, int count) => s.CountIncludesPadding
        ? Padded(oh, s.StrideHeight, s.PaddingTop, s.KernelHeight, s.DilationHeight, s.InputHeight + s.PaddingBottom)
            * Padded(ow, s.StrideWidth, s.PaddingLeft, s.KernelWidth, s.DilationWidth, s.InputWidth + s.PaddingRight)
        : count;

    private static int Padded(int output, int stride, int padding, int kernel, int dilation, int end) =>
        Enumerable.Range(0, kernel).Count(tap => (output * stride) - padding + (tap * dilation) < end);

    private static int Input(PoolingShape s, int n, (int H, int W) pixel, int c) =>
        (int)(n * s.InputLength) + (((pixel.H * s.InputWidth) + pixel.W) * s.Channels) + c;

    private static IEnumerable<(int N, int OutputRow, int OutputColumn, int C, List<(int H, int W)> Window)> Windows(PoolingShape s, int batch)
    {
        for (int n = 0; n < batch; n++)
        {
            for (int oh = 0; oh < s.OutputHeight; oh++)
            {
                for (int ow = 0; ow < s.OutputWidth; ow++)
                {
                    List<(int H, int W)> window = [];
                    for (int h = 0; h < s.InputHeight; h++)
                    {
                        for (int w = 0; w < s.InputWidth; w++)
                        {
                            if (Holds(s, h, oh, s.InputHeight, s.OutputHeight, s.KernelHeight, s.StrideHeight, s.PaddingTop, s.DilationHeight)
                                && Holds(s, w, ow, s.InputWidth, s.OutputWidth, s.KernelWidth, s.StrideWidth, s.PaddingLeft, s.DilationWidth))
                            {
                                window.Add((h, w));
                            }
                        }
                    }

                    for (int c = 0; c < s.Channels; c++)
                    {
                        yield return (n, oh, ow, c, window);
                    }
                }
            }
        }
    }

    private static bool Holds(
        PoolingShape s, int input, int output, int inputs, int outputs, int kernel, int stride, int padding, int dilation) =>
        s.Adaptive
            ? input >= Math.Floor((double)output * inputs / outputs) && input < Math.Ceiling((output + 1.0) * inputs / outputs)
            : Enumerable.Range(0, kernel).Any(tap => (output * stride) - padding + (tap * dilation) == input);
}
