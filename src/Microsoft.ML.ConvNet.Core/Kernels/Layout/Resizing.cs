using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>Changes the size of images [N, H, W, C], by the nearest pixels or between pixels.</summary>
internal static unsafe class Resizing
{
    private const int TapFloats = 3;
    private const int ReaderFloats = 2;

    /// <summary>Floats of working memory for <see cref="Forward"/>.</summary>
    public static nint WorkspaceLength(in ResizeAxis rows, in ResizeAxis columns) => TapFloats * ((nint)rows.Output + columns.Output);

    /// <summary>Floats of working memory for <see cref="Backward"/>.</summary>
    public static nint BackwardWorkspaceLength(in ResizeAxis rows, in ResizeAxis columns) =>
        WorkspaceLength(rows, columns) + (ReaderFloats * ((nint)rows.Input + columns.Input));

    /// <summary>y = the image in its new size.</summary>
    public static void Forward(
        WorkerGang gang, in ResizeAxis rows, in ResizeAxis columns, int channels, int batch, float* x, float* y, float* workspace)
    {
        ResizeLoop loop = new()
        {
            X = x,
            Y = y,
            RowTaps = (ResizeTap*)workspace,
            ColumnTaps = (ResizeTap*)workspace + rows.Output,
            InputHeight = rows.Input,
            InputWidth = columns.Input,
            OutputHeight = rows.Output,
            OutputWidth = columns.Output,
            Channels = channels,
            IsNearest = rows.IsNearest,
        };
        rows.Fill(loop.RowTaps);
        columns.Fill(loop.ColumnTaps);
        SimdLoop.For(gang, batch * rows.Output, &loop, (long)batch * rows.Output * columns.Output * channels * (rows.IsNearest ? 2 : 5));
    }

    /// <summary>dx = for every pixel, the gradients of the outputs that it is part of, times its shares; or dx += that.</summary>
    public static void Backward(
        WorkerGang gang,
        in ResizeAxis rows,
        in ResizeAxis columns,
        int channels,
        int batch,
        float* dy,
        float* dx,
        bool accumulate,
        float* workspace)
    {
        ResizeGradientLoop loop = new()
        {
            Dy = dy,
            Dx = dx,
            RowTaps = (ResizeTap*)workspace,
            ColumnTaps = (ResizeTap*)workspace + rows.Output,
            InputHeight = rows.Input,
            InputWidth = columns.Input,
            OutputHeight = rows.Output,
            OutputWidth = columns.Output,
            Channels = channels,
            Accumulate = accumulate,
        };
        loop.RowReaders = (ResizeReaders*)(workspace + WorkspaceLength(rows, columns));
        loop.ColumnReaders = loop.RowReaders + rows.Input;
        rows.Fill(loop.RowTaps);
        columns.Fill(loop.ColumnTaps);
        rows.FillReaders(loop.RowTaps, loop.RowReaders);
        columns.FillReaders(loop.ColumnTaps, loop.ColumnReaders);
        long work = (long)batch * channels * (((long)rows.Input * columns.Input) + ((long)rows.Output * columns.Output));
        SimdLoop.For(gang, batch * rows.Input, &loop, work);
    }
}
