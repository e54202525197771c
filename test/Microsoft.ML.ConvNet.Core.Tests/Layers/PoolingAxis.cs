using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Where the windows of a pooling layer lie along one axis.</summary>
/// <param name="Input">The size of the input.</param>
/// <param name="Output">The number of windows.</param>
/// <param name="From">Where a window begins, perhaps before the input.</param>
/// <param name="To">Where it ends, perhaps behind the input.</param>
/// <param name="Step">The distance between the elements of a window.</param>
/// <param name="Padded">Where the padding behind the input ends.</param>
internal sealed record PoolingAxis(int Input, int Output, Func<int, int> From, Func<int, int> To, int Step, int Padded)
{
    /// <summary>The positions of a window that are inside the input.</summary>
    public IEnumerable<int> Inside(int window) => Positions(window).Where(at => at >= 0 && at < Input);

    /// <summary>How many positions of a window are inside the padded input.</summary>
    public int InsidePadded(int window) => Positions(window).Count(at => at < Padded);

    private IEnumerable<int> Positions(int window) =>
        Enumerable.Range(From(window), To(window) - From(window)).Where(at => (at - From(window)) % Step == 0);

    /// <summary>The axes of a pooling layer for a call.</summary>
    public static (PoolingAxis Vertical, PoolingAxis Horizontal) Of(Layer layer, OracleCall call)
    {
        (int height, int width) = (call.InputShapes[0].Height, call.InputShapes[0].Width);
        (int rows, int columns) = layer is GlobalAvgPool2D or GlobalMaxPool2D ? (1, 1) : (call.OutputShape.Height, call.OutputShape.Width);
        return layer switch
        {
            MaxPool2D max => Sliding(max.PoolSize, max.Stride ?? max.PoolSize, max.Padding, max.Dilation),
            AvgPool2D average => Sliding(average.PoolSize, average.Stride ?? average.PoolSize, average.Padding, average.Dilation),
            LpPool2D norm => Sliding(norm.PoolSize, norm.Stride ?? norm.PoolSize, norm.Padding, norm.Dilation),
            _ => (Adaptive(height, rows), Adaptive(width, columns)),
        };

        (PoolingAxis Vertical, PoolingAxis Horizontal) Sliding(Size2D window, Size2D stride, Padding padding, Size2D dilation) => (
            Slide(height, rows, window.Height, stride.Height, dilation.Height, padding.IsSame, padding.Top, padding.Bottom),
            Slide(width, columns, window.Width, stride.Width, dilation.Width, padding.IsSame, padding.Left, padding.Right));
    }

    private static PoolingAxis Slide(int input, int output, int window, int stride, int dilation, bool isSame, int before, int after)
    {
        int extent = ((window - 1) * dilation) + 1;
        if (isSame)
        {
            int total = Math.Max(((output - 1) * stride) + extent - input, 0);
            (before, after) = (total / 2, total - (total / 2));
        }

        return new PoolingAxis(
            input, output, at => (at * stride) - before, at => (at * stride) - before + extent, dilation, input + after);
    }

    private static PoolingAxis Adaptive(int input, int output) => new(
        input,
        output,
        at => (int)Math.Floor((double)at * input / output),
        at => (int)Math.Ceiling((double)(at + 1) * input / output),
        1,
        input);
}
