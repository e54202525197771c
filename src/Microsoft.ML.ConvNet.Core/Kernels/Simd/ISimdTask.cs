namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>
/// Work divided into items that do not depend on each other, written once for every vector width: a value that holds the operands'
/// addresses and sizes, or the address of what holds them. See <see cref="SimdLoop"/>.
/// </summary>
internal unsafe interface ISimdTask
{
    /// <summary>Does the work of one item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="scratch">Memory of the running thread alone, of the size reserved on the gang; null where none is.</param>
    void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}
