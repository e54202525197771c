using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Winograd;

/// <summary>
/// The transforms of one axis of Winograd's minimal filtering F(m, 3) (Winograd, "Arithmetic complexity of computations", 1980;
/// Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016): m outputs of a filter of 3 taps from m + 2 products.
/// In two dimensions each is applied to the rows and then to the columns. All work in place; a short transform leaves the last vectors alone.
/// </summary>
internal interface IWinogradTransform
{
    /// <summary>Outputs of a tile along the axis: m.</summary>
    static abstract int Outputs { get; }

    /// <summary>Inputs and products of a tile along the axis: m + 2.</summary>
    static abstract int Window { get; }

    /// <summary>
    /// How much the transforms of both axes may enlarge rounding errors: the square of the largest, over the outputs i, of the sum over the
    /// products k of |A[k, i]| times the largest |G[k, m]| times the sum of |B[m, k]| (Barabasz, Anderson, Soodhalter and Gregg, "Error
    /// analysis and improving the accuracy of Winograd convolution for deep neural networks", 2020).
    /// </summary>
    static abstract double Amplification { get; }

    /// <summary>
    /// The same for weight gradients: the square of the largest, over the taps m, of the sum over the products k of |G[k, m]| times the sum of
    /// |B[l, k]| times the largest |A[k, i]|.
    /// </summary>
    static abstract double WeightGradientAmplification { get; }

    /// <summary>The inputs' transform: the transpose of B.</summary>
    static abstract void Input<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>The weights' transform G: three taps in <paramref name="v0"/> to <paramref name="v2"/>.</summary>
    static abstract void Weights<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>The transform of output gradients to products, A: the outputs' gradients come first.</summary>
    static abstract void OutputGradient<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>The transform of summed products to the gradients of three taps, the transpose of G.</summary>
    static abstract void WeightGradient<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>The transform of the products to outputs, the transpose of A: the outputs come first.</summary>
    static abstract void Output<TSimd, TVector>(
        ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3, ref TVector v4, ref TVector v5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}
