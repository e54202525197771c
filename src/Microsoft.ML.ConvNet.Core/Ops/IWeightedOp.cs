namespace Microsoft.ML.ConvNet.Ops;

/// <summary>A convolution or product: a scale and a shift of its output's channels can be folded into its weights and its bias.</summary>
internal interface IWeightedOp : IFusibleOp
{
    /// <summary>Whether a bias is added.</summary>
    bool HasBias { get; }

    /// <summary>The same op with a bias.</summary>
    Op WithBias();
}
