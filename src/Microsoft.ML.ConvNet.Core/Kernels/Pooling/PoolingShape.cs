using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Pooling;

/// <summary>
/// The geometry of a pooling over inputs [N, H, W, C]. Where <paramref name="Adaptive"/>, the windows follow from the sizes: window o of O
/// over I pixels is [floor(o I / O), ceil((o + 1) I / O)), and kernel, stride, padding and dilation are not used.
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
/// <param name="CountIncludesPadding">Whether averages count the padding of the image, else only what is inside the image.</param>
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
    /// <summary>Rows from one tap of a window to the next: 1 for adjacent ones.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Columns from one tap of a window to the next: 1 for adjacent ones.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Rows below the image that count where <see cref="CountIncludesPadding"/>.</summary>
    public int PaddingBottom { get; init; }

    /// <summary>Columns on the right of the image that count where <see cref="CountIncludesPadding"/>.</summary>
    public int PaddingRight { get; init; }

    /// <summary>The floats of one input image.</summary>
    public nint InputLength => (nint)InputHeight * InputWidth * Channels;

    /// <summary>The floats of one output image.</summary>
    public nint OutputLength => (nint)OutputHeight * OutputWidth * Channels;

    /// <summary>Rows that a window spans.</summary>
    public int ExtentHeight => ((KernelHeight - 1) * DilationHeight) + 1;

    /// <summary>Columns that a window spans.</summary>
    public int ExtentWidth => ((KernelWidth - 1) * DilationWidth) + 1;

    /// <summary>Whether there are elements between the taps of a window.</summary>
    public bool IsDilated => DilationHeight != 1 || DilationWidth != 1;

    /// <summary>The input rows [from, to) of the windows in an output row; from the first on, every dilation-th one is a tap.</summary>
    public (int From, int To) RowsOf(int outputRow) =>
        Adaptive
            ? AdaptiveWindow(outputRow, InputHeight, OutputHeight)
            : Window(outputRow, InputHeight, ExtentHeight, StrideHeight, PaddingTop, DilationHeight);

    /// <summary>The input columns [from, to) of the windows in an output column; from the first on, every dilation-th one is a tap.</summary>
    public (int From, int To) ColumnsOf(int outputColumn) =>
        Adaptive
            ? AdaptiveWindow(outputColumn, InputWidth, OutputWidth)
            : Window(outputColumn, InputWidth, ExtentWidth, StrideWidth, PaddingLeft, DilationWidth);

    /// <summary>The output rows [from, to) whose windows span an input row.</summary>
    public (int From, int To) OutputRowsOver(int inputRow) =>
        Adaptive
            ? AdaptiveCover(inputRow, InputHeight, OutputHeight)
            : Cover(inputRow, OutputHeight, ExtentHeight, StrideHeight, PaddingTop);

    /// <summary>Whether an input row is a tap of the windows in an output row that span it.</summary>
    public bool IsRowTap(int inputRow, int outputRow) =>
        DilationHeight == 1 || (inputRow + PaddingTop - (outputRow * StrideHeight)) % DilationHeight == 0;

    /// <summary>Whether an input column is a tap of the windows in an output column that span it.</summary>
    public bool IsColumnTap(int inputColumn, int outputColumn) =>
        DilationWidth == 1 || (inputColumn + PaddingLeft - (outputColumn * StrideWidth)) % DilationWidth == 0;

    /// <summary>
    /// Moves the output columns [from, to) whose windows span an input column on to those of the next input column; both start at 0.
    /// </summary>
    public void AdvanceOutputColumns(int inputColumn, ref int from, ref int to)
    {
        if (IsDilated)
        {
            (from, to) = Cover(inputColumn, OutputWidth, ExtentWidth, StrideWidth, PaddingLeft);
            return;
        }

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
    public bool HasSeparateColumns => !Adaptive && !IsDilated && StrideWidth >= KernelWidth;

    /// <summary>
    /// What an average divides by: the taps of the window inside the image, or inside the padded image where
    /// <see cref="CountIncludesPadding"/>; what reaches beyond the padding never counts. At least 1.
    /// </summary>
    public int DivisorOf(int outputRow, int outputColumn)
    {
        (int top, int bottom) = RowsOf(outputRow);
        (int left, int right) = ColumnsOf(outputColumn);
        return DivisorOf(outputRow, outputColumn, bottom - top, right - left);
    }

    /// <summary>The same where the rows and columns are known that the window spans inside the image.</summary>
    public int DivisorOf(int outputRow, int outputColumn, int rows, int columns) => CountIncludesPadding && !Adaptive
        ? TapsBefore(InputHeight + PaddingBottom, outputRow, KernelHeight, StrideHeight, PaddingTop, DilationHeight)
            * TapsBefore(InputWidth + PaddingRight, outputColumn, KernelWidth, StrideWidth, PaddingLeft, DilationWidth)
        : Math.Max(1, RowTaps(rows) * ColumnTaps(columns));

    /// <summary>The taps among the given number of rows from a tap on.</summary>
    public int RowTaps(int rows) => DilationHeight == 1 ? rows : Rounding.DivideUp(rows, DilationHeight);

    /// <summary>The taps among the given number of columns from a tap on.</summary>
    public int ColumnTaps(int columns) => DilationWidth == 1 ? columns : Rounding.DivideUp(columns, DilationWidth);

    private static int TapsBefore(int end, int output, int kernel, int stride, int padding, int dilation)
    {
        int room = end - ((output * stride) - padding);
        return Math.Clamp(dilation == 1 ? room : Rounding.DivideUp(room, dilation), 1, kernel);
    }

    private static (int From, int To) Window(int output, int input, int extent, int stride, int padding, int dilation)
    {
        int start = (output * stride) - padding;
        int from = Math.Max(start, 0);
        int to = Math.Max(from, Math.Min(start + extent, input));
        return dilation == 1 || start >= 0 ? (from, to) : (Math.Min(start + Rounding.RoundUp(-start, dilation), to), to);
    }

    private static (int From, int To) AdaptiveWindow(int output, int input, int outputs) =>
        ((int)((long)output * input / outputs), (int)Rounding.DivideUp((long)(output + 1) * input, outputs));

    // Windows o with o s - p <= i < o s - p + e.
    private static (int From, int To) Cover(int input, int outputs, int extent, int stride, int padding)
    {
        int last = (input + padding) / stride;
        int beforeFirst = input + padding - extent;
        int first = beforeFirst < 0 ? 0 : (beforeFirst / stride) + 1;
        return (first, Math.Min(last + 1, outputs));
    }

    // Windows o with floor(o I / O) <= i < ceil((o + 1) I / O).
    private static (int From, int To) AdaptiveCover(int input, int inputs, int outputs) =>
        ((int)((long)input * outputs / inputs), (int)Rounding.DivideUp((long)(input + 1) * outputs, inputs));
}
