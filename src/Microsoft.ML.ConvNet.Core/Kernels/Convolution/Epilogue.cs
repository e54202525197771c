namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>What a product does with its sums before it stores them: activation(sum + bias + residual).</summary>
internal unsafe struct Epilogue
{
    /// <summary>One number an output channel, or null.</summary>
    public float* Bias;

    /// <summary>A tensor of the result's layout that is added before the activation, or null.</summary>
    public float* Residual;

    /// <summary>An activation (from, to, count, alpha), applied in place to runs of the result, or null.</summary>
    public delegate*<float*, float*, nint, float, void> Activation;

    /// <summary>The activation's parameter.</summary>
    public float Alpha;

    /// <summary>
    /// From one pixel of the result to the next where the result is a slice of the channels of a wider tensor; 0 where it is a tensor of
    /// its own. A slice has no residual.
    /// </summary>
    public nint Pitch;

    /// <summary>
    /// The largest of each 2x2 block of results is stored in place of the four: max pooling 2x2 of stride 2, which drops a row or column
    /// left over. Only where <see cref="ConvolutionAlgorithm.CanPool"/>, without a residual or an <see cref="Activation"/> out of registers.
    /// </summary>
    public bool Pools;

    /// <summary>ReLU, applied in registers; <see cref="Activation"/> is not called then.</summary>
    public bool IsRelu;

    /// <summary>Beside <see cref="IsRelu"/>: no result is over <see cref="Alpha"/>.</summary>
    public bool IsClipped;

    /// <summary>The least value of a result: 0 for ReLU, else negative infinity.</summary>
    public readonly float Floor => IsRelu ? 0 : float.NegativeInfinity;

    /// <summary>The greatest value of a result: the parameter of a clipped ReLU, else infinity.</summary>
    public readonly float Ceiling => IsClipped ? Alpha : float.PositiveInfinity;
}
