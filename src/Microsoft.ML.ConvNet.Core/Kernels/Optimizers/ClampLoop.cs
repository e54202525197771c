using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>A part of an array, each element limited to a range about zero.</summary>
internal unsafe struct ClampLoop : ISimdTask
{
    /// <summary>The elements.</summary>
    public float* X;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <summary>The greatest absolute value.</summary>
    public float Limit;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint end = nint.Min((item + 1) * Part, Count);
        nint i = item * Part;
        for (; i <= end - TSimd.Width; i += TSimd.Width)
        {
            TSimd.Store(X + i, Clamp<TSimd, TVector>(TSimd.Load(X + i)));
        }

        if (i < end)
        {
            TSimd.StorePartial(X + i, Clamp<TSimd, TVector>(TSimd.LoadPartial(X + i, end - i)), end - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Clamp<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Max(TSimd.Create(-Limit), TSimd.Min(TSimd.Create(Limit), x));
}
