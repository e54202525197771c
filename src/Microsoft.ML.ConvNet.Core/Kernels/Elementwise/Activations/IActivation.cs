using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;

/// <summary>An activation function and its derivative, element by element.</summary>
internal interface IActivation
{
    /// <summary>Whether <see cref="Derivative"/> is given the output y; otherwise it is given the input x.</summary>
    static abstract bool DerivativeFromOutput { get; }

    /// <summary>y = f(x).</summary>
    static abstract TVector Forward<TSimd, TVector>(TVector x, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>f'(x), from y where <see cref="DerivativeFromOutput"/>, else from x.</summary>
    static abstract TVector Derivative<TSimd, TVector>(TVector xOrY, TVector alpha)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}
