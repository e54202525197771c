namespace Microsoft.ML.ConvNet.Kernels.Products;

/// <summary>One call of <see cref="MatrixProductMicrokernel"/>. Distances are counted in floats.</summary>
internal unsafe struct MatrixProductTile
{
    /// <summary>The left operand at the first row of the top half, first tap, first channel.</summary>
    public float* Top;

    /// <summary>The same for the bottom half.</summary>
    public float* Bottom;

    /// <summary>From one row of the left operand to the next within a half.</summary>
    public nint RowStride;

    /// <summary>The reduction is TapRows x TapColumns runs of Run numbers that are neighbours in memory.</summary>
    public nint TapRows;

    /// <summary>Runs in a row of taps.</summary>
    public nint TapColumns;

    /// <summary>Length of a run.</summary>
    public nint Run;

    /// <summary>From the end of a run to the start of the next.</summary>
    public nint TapColumnSkip;

    /// <summary>From there, after a row's last run, to the first run of the next row.</summary>
    public nint TapRowSkip;

    /// <summary>The packed panel: one or two vectors for each step of the reduction.</summary>
    public float* Panel;

    /// <summary>Where the top half's results go.</summary>
    public float* ResultTop;

    /// <summary>Where the bottom half's results go.</summary>
    public float* ResultBottom;

    /// <summary>From one row of the results (and of the residual) to the next.</summary>
    public nint ResultPitch;

    /// <summary>The sums go on from what stands in the result.</summary>
    public bool Continues;

    /// <summary>The sums are complete after this call: the fields below apply.</summary>
    public bool IsLast;

    /// <summary>Added to each row, or null.</summary>
    public float* Bias;

    /// <summary>Added to the top half, or null.</summary>
    public float* ResidualTop;

    /// <summary>Added to the bottom half, or null.</summary>
    public float* ResidualBottom;

    /// <summary>The least value of a result: 0 for ReLU, else negative infinity.</summary>
    public float Floor;

    /// <summary>The greatest value of a result: that of a clipped ReLU, else infinity.</summary>
    public float Ceiling;
}

/// <summary>One call of <see cref="OuterProductMicrokernel"/>. Distances are counted in floats.</summary>
internal unsafe struct OuterProductTile
{
    /// <summary>The inputs of the first pixel: as many neighbours as the tile has rows.</summary>
    public float* Input;

    /// <summary>The output gradients: one or two vectors for each pixel.</summary>
    public float* Panel;

    /// <summary>The reduction runs over Images x Lines x Pixels.</summary>
    public nint Images;

    /// <summary>Lines of an image.</summary>
    public nint Lines;

    /// <summary>Pixels of a line.</summary>
    public nint Pixels;

    /// <summary>From a pixel's inputs to those of the next.</summary>
    public nint PixelStep;

    /// <summary>From the end of a line to the start of the next.</summary>
    public nint LineSkip;

    /// <summary>From there, after an image's last line, to the next image.</summary>
    public nint ImageSkip;

    /// <summary>Where the sums go.</summary>
    public float* Result;

    /// <summary>From one row of the result to the next.</summary>
    public nint ResultPitch;

    /// <summary>The sums are added to what stands in the result.</summary>
    public bool Adds;
}
