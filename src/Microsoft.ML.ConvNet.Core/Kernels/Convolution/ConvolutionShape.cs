namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>
/// The sizes of a two-dimensional convolution of one image [H, W, C] with weights [KH, KW, C / groups, outputs]. The padding at the
/// bottom and at the right follows from the size of the output.
/// </summary>
internal readonly record struct ConvolutionShape(
    int InputHeight,
    int InputWidth,
    int InputChannels,
    int OutputHeight,
    int OutputWidth,
    int OutputChannels,
    int KernelHeight,
    int KernelWidth,
    int StrideHeight,
    int StrideWidth,
    int DilationHeight,
    int DilationWidth,
    int PaddingTop,
    int PaddingLeft,
    int Groups)
{
    /// <summary>Input channels that one output channel sees.</summary>
    public int GroupInputChannels => InputChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputChannels => OutputChannels / Groups;

    /// <summary>Every channel has its own filter, and nothing is summed over channels.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == InputChannels && Groups == OutputChannels;

    /// <summary>Number of weights.</summary>
    public nint WeightsLength => (nint)KernelHeight * KernelWidth * GroupInputChannels * OutputChannels;

    /// <summary>
    /// The shape in which the work is done: a window that covers the whole input once is a dense layer, that is a 1x1 convolution of
    /// one pixel whose channels are the whole image; its weights lie in memory in the same order.
    /// </summary>
    public ConvolutionShape Canonical()
    {
        bool coversInput = Groups == 1 && OutputHeight == 1 && OutputWidth == 1 && PaddingTop == 0 && PaddingLeft == 0
            && KernelHeight == InputHeight && KernelWidth == InputWidth
            && (DilationHeight == 1 || KernelHeight == 1) && (DilationWidth == 1 || KernelWidth == 1);
        if (!coversInput)
        {
            return this;
        }

        return Dense(checked(InputHeight * InputWidth * InputChannels), OutputChannels);
    }

    /// <summary>The shape of a dense layer: one pixel.</summary>
    public static ConvolutionShape Dense(int inputs, int outputs) => new(1, 1, inputs, 1, 1, outputs, 1, 1, 1, 1, 1, 1, 0, 0, 1);
}
