namespace Microsoft.ML.ConvNet.Kernels;

/// <summary>
/// The geometry of a pooling over inputs [N, H, W, C]. Where <paramref name="Adaptive"/>, the windows follow from the sizes: window o of O
/// over I pixels is [floor(o I / O), ceil((o + 1) I / O)), and kernel, stride and padding are not used.
/// </summary>
/// <param name="InputHeight">The rows of the input.</param>
/// <param name="InputWidth">The columns of the input.</param>
/// <param name="Channels">The channels.</param>
/// <param name="OutputHeight">The rows of the output.</param>
/// <param name="OutputWidth">The columns of the output.</param>
/// <param name="KernelHeight">The rows of a window.</param>
/// <param name="KernelWidth">The columns of a window.</param>
/// <param name="StrideHeight">Rows from window to window.</param>
/// <param name="StrideWidth">Columns from window to window.</param>
/// <param name="PaddingTop">Rows that the first window starts above the image.</param>
/// <param name="PaddingLeft">Columns that the first window starts left of the image.</param>
/// <param name="CountIncludesPadding">Whether averages divide by the whole window where it leaves the image, else by the part inside.</param>
/// <param name="Adaptive">Whether the windows follow from the sizes.</param>
internal readonly record struct PoolingShape(
    int InputHeight,
    int InputWidth,
    int Channels,
    int OutputHeight,
    int OutputWidth,
    int KernelHeight,
    int KernelWidth,
    int StrideHeight,
    int StrideWidth,
    int PaddingTop,
    int PaddingLeft,
    bool CountIncludesPadding,
    bool Adaptive)
{
    /// <summary>The floats of one input image.</summary>
    public nint InputLength => (nint)InputHeight * InputWidth * Channels;

    /// <summary>The floats of one output image.</summary>
    public nint OutputLength => (nint)OutputHeight * OutputWidth * Channels;

    /// <summary>The input rows [from, to) of the windows in an output row.</summary>
    public (int From, int To) RowsOf(int outputRow) =>
        Adaptive
            ? AdaptiveWindow(outputRow, InputHeight, OutputHeight)
            : Window(outputRow, InputHeight, KernelHeight, StrideHeight, PaddingTop);

    /// <summary>The input columns [from, to) of the windows in an output column.</summary>
    public (int From, int To) ColumnsOf(int outputColumn) =>
        Adaptive
            ? AdaptiveWindow(outputColumn, InputWidth, OutputWidth)
            : Window(outputColumn, InputWidth, KernelWidth, StrideWidth, PaddingLeft);

    /// <summary>The output rows [from, to) whose windows hold an input row.</summary>
    public (int From, int To) OutputRowsOver(int inputRow) =>
        Adaptive
            ? AdaptiveCover(inputRow, InputHeight, OutputHeight)
            : Cover(inputRow, OutputHeight, KernelHeight, StrideHeight, PaddingTop);

    /// <summary>
    /// Moves the output columns [from, to) whose windows hold an input column on to those of the next input column; both start at 0.
    /// </summary>
    public void AdvanceOutputColumns(int inputColumn, ref int from, ref int to)
    {
        while (from < OutputWidth && ColumnsOf(from).To <= inputColumn)
        {
            from++;
        }

        to = Math.Max(to, from);
        while (to < OutputWidth && ColumnsOf(to).From <= inputColumn)
        {
            to++;
        }
    }

    /// <summary>Whether no two windows of an output row hold the same input column.</summary>
    public bool HasSeparateColumns => !Adaptive && StrideWidth >= KernelWidth;

    /// <summary>What an average divides by, for a window of the given size inside the image.</summary>
    public int Divisor(int rows, int columns) => CountIncludesPadding && !Adaptive ? KernelHeight * KernelWidth : rows * columns;

    private static (int From, int To) Window(int output, int input, int kernel, int stride, int padding)
    {
        int start = (output * stride) - padding;
        int from = Math.Max(start, 0);
        return (from, Math.Max(from, Math.Min(start + kernel, input)));
    }

    private static (int From, int To) AdaptiveWindow(int output, int input, int outputs) =>
        ((int)((long)output * input / outputs), (int)((((long)(output + 1) * input) + outputs - 1) / outputs));

    // Windows o with o s - p <= i < o s - p + k.
    private static (int From, int To) Cover(int input, int outputs, int kernel, int stride, int padding)
    {
        int last = (input + padding) / stride;
        int beforeFirst = input + padding - kernel;
        int first = beforeFirst < 0 ? 0 : (beforeFirst / stride) + 1;
        return (first, Math.Min(last + 1, outputs));
    }

    // Windows o with floor(o I / O) <= i < ceil((o + 1) I / O).
    private static (int From, int To) AdaptiveCover(int input, int inputs, int outputs) =>
        ((int)((long)input * outputs / inputs), (int)((((long)(input + 1) * outputs) + inputs - 1) / inputs));
}
