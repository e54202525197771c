using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Where the windows of a pooling layer lie along one axis.</summary>
/// <param name="Input">The size of the input.</param>
/// <param name="Output">The number of windows.</param>
/// <param name="From">Where a window begins, perhaps before the input.</param>
/// <param name="To">Where it ends, perhaps behind the input.</param>
internal sealed record PoolingAxis(int Input, int Output, Func<int, int> From, Func<int, int> To)
{
    /// <summary>The positions of a window that are inside the input.</summary>
    public IEnumerable<int> Inside(int window) => Enumerable.Range(0, Input).Where(at => at >= From(window) && at < To(window));

    /// <summary>The axes of a pooling layer for a call.</summary>
    public static (PoolingAxis Vertical, PoolingAxis Horizontal) Of(Layer layer, OracleCall call)
    {
        (int height, int width) = (call.InputShapes[0].Height, call.InputShapes[0].Width);
        (int rows, int columns) = layer is GlobalAvgPool2D ? (1, 1) : (call.OutputShape.Height, call.OutputShape.Width);
        return layer switch
        {
            MaxPool2D max => Sliding(max.PoolSize, max.Stride ?? max.PoolSize, max.Padding),
            AvgPool2D average => Sliding(average.PoolSize, average.Stride ?? average.PoolSize, average.Padding),
            _ => (Adaptive(height, rows), Adaptive(width, columns)),
        };

        (PoolingAxis Vertical, PoolingAxis Horizontal) Sliding(Size2D window, Size2D stride, Padding padding) => (
            Slide(height, rows, window.Height, stride.Height, padding.IsSame, padding.Top),
            Slide(width, columns, window.Width, stride.Width, padding.IsSame, padding.Left));
    }

    private static PoolingAxis Slide(int input, int output, int window, int stride, bool isSame, int given)
    {
        int before = isSame ? Math.Max(((output - 1) * stride) + window - input, 0) / 2 : given;
        return new PoolingAxis(input, output, at => (at * stride) - before, at => (at * stride) - before + window);
    }

    private static PoolingAxis Adaptive(int input, int output) => new(
        input,
        output,
        at => (int)Math.Floor((double)at * input / output),
        at => (int)Math.Ceiling((double)(at + 1) * input / output));
}
