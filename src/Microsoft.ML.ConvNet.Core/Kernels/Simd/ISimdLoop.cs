namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>
/// The body of a loop over independent items, written once for every vector width: a value that holds the operands' addresses
/// and sizes. See <see cref="SimdLoop.For"/>.
/// </summary>
internal interface ISimdLoop
{
    /// <summary>Does the work of one item.</summary>
    void Run<TSimd, TVector>(int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}
