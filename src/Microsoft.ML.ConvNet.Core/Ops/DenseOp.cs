using Microsoft.ML.ConvNet.Kernels.Convolution;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = f(x W + b + r): a matrix product of rows of <paramref name="InputCount"/> with a matrix of
/// <paramref name="InputCount"/> by <paramref name="OutputCount"/>. Inputs: x, W, then b, then r.
/// </summary>
/// <param name="InputCount">The numbers of a row of x.</param>
/// <param name="OutputCount">The numbers of a row of y.</param>
/// <param name="HasBias">Whether a bias is added.</param>
internal sealed record DenseOp(int InputCount, int OutputCount, bool HasBias)
    : WeightedOp(ConvolutionShape.Dense(InputCount, OutputCount), HasBias)
{
    /// <inheritdoc/>
    public override string Kind => "matrix product";

    /// <inheritdoc/>
    public override string Describe() => Invariant($"{InputCount} by {OutputCount}{IFusibleOp.Describe(this)}");
}
