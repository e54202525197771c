using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>What an optimizer makes of a weight by its gradient and up to three remembered numbers, as a function of elements.</summary>
internal interface IUpdateRule
{
    /// <summary>The elements read and written for one weight.</summary>
    static abstract int WorkAnElement { get; }

    /// <summary>The weights after the step.</summary>
    /// <param name="w">The weights, shrunk already where the decay is decoupled from the gradient.</param>
    /// <param name="g">The gradient, with what decays add to it.</param>
    /// <param name="slot0">What is remembered first; zero, and forgotten, where the update has no such memory.</param>
    /// <param name="slot1">What is remembered second.</param>
    /// <param name="slot2">What is remembered third.</param>
    TVector Step<TSimd, TVector>(TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}
