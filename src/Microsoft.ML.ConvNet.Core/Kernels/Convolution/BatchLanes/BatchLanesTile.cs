namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>What <see cref="BatchLanesMicrokernel"/> works on: some neighbouring pixels and output channels. Distances are in floats.</summary>
internal unsafe struct BatchLanesTile
{
    /// <summary>The first input vector of the first pixel's first tap.</summary>
    public float* X;

    /// <summary>From a pixel's input to its neighbour's.</summary>
    public nint PixelStride;

    /// <summary>Rows of taps.</summary>
    public nint TapRows;

    /// <summary>Steps of the reduction in a row of taps: the taps times the channels, which lie one behind the other.</summary>
    public nint Run;

    /// <summary>From the end of a row of taps to the next one's start in the input.</summary>
    public nint RowSkip;

    /// <summary>The weights of the first step; those of the tile's output channels are neighbours.</summary>
    public float* Weights;

    /// <summary>From a step's weights to the next one's.</summary>
    public nint WeightPitch;

    /// <summary>From the end of a row of taps to the next one's start in the weights.</summary>
    public nint WeightRowSkip;

    /// <summary>The bias of each output channel, or null.</summary>
    public float* Bias;

    /// <summary>Whether ReLU is applied.</summary>
    public bool Rectifies;

    /// <summary>The first pixel's results, a vector for each output channel.</summary>
    public float* Y;

    /// <summary>From a pixel's results to its neighbour's.</summary>
    public nint ResultPitch;
}

/// <summary>
/// What <see cref="BatchLanesOuterProduct"/> works on: some neighbouring numbers of the input, at one tap, and some output channels.
/// Distances are in floats.
/// </summary>
internal unsafe struct BatchLanesOuterTile
{
    /// <summary>The first input vector of the first pixel's tap.</summary>
    public float* X;

    /// <summary>From a pixel's input to its neighbour's.</summary>
    public nint PixelStride;

    /// <summary>From the end of a row of pixels to the next one's start in the input.</summary>
    public nint RowSkip;

    /// <summary>The gradient of the convolution's output: pixel by pixel a vector for each of the tile's output channels.</summary>
    public float* Gradient;

    /// <summary>Rows of pixels.</summary>
    public nint Rows;

    /// <summary>Pixels of a row.</summary>
    public nint Columns;

    /// <summary>The sums: for each number of the input a vector for each output channel.</summary>
    public float* Sums;

    /// <summary>From the sums of a number of the input to those of the next.</summary>
    public nint SumPitch;

    /// <summary>Whether the sums go on from what is there, else from zero.</summary>
    public bool Continues;
}
