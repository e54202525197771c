using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>Writes results that either replace what is there or are added to it.</summary>
internal static unsafe class Accumulation
{
    /// <summary><c>to = value</c> or <c>to += value</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<TSimd, TVector>(float* to, TVector value, bool accumulate)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Store(to, accumulate ? TSimd.Add(TSimd.Load(to), value) : value);

    /// <summary>The same for the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutPartial<TSimd, TVector>(float* to, TVector value, nint count, bool accumulate)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.StorePartial(to, accumulate ? TSimd.Add(TSimd.LoadPartial(to, count), value) : value, count);
}
