using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>
/// a to the power of b, as IEEE 754's pow has it: NaN for a negative a and a b that is no whole number. Squares are vector products; other
/// powers are computed number by number.
/// </summary>
internal readonly unsafe struct PowerOperator : IBroadcastOperator
{
    private const int MostLanes = 16;

    /// <inheritdoc/>
    public static string Name => "power";

    /// <inheritdoc/>
    public static bool HasGradient => true;

    /// <inheritdoc/>
    public static bool GradientReadsInputs => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* lanes = stackalloc float[2 * MostLanes];
        float* exponents = lanes + MostLanes;
        TSimd.Store(exponents, b);

        // The bits are those of single squares: where a number lies in a vector makes no difference.
        if (new ReadOnlySpan<float>(exponents, TSimd.Width).IndexOfAnyExcept(2f) < 0)
        {
            return TSimd.Multiply(a, a);
        }

        TSimd.Store(lanes, a);
        for (int i = 0; i < TSimd.Width; i++)
        {
            lanes[i] = exponents[i] == 2 ? lanes[i] * lanes[i] : MathF.Pow(lanes[i], exponents[i]);
        }

        return TSimd.Load(lanes);
    }

    /// <inheritdoc/>
    public static TVector FirstGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector slope = TSimd.Multiply(b, Apply<TSimd, TVector>(a, TSimd.Subtract(b, TSimd.Create(1f))));
        return TSimd.Multiply(dy, IsEqualTerm.WhereEqual<TSimd, TVector>(b, TSimd.Zero, TSimd.Zero, slope));
    }

    /// <remarks>y ln a, by lanes; 0 at a = 0, as its limit for positive b is.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static TVector SecondGradient<TSimd, TVector>(TVector dy, TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* lanes = stackalloc float[2 * MostLanes];
        float* exponents = lanes + MostLanes;
        TSimd.Store(lanes, a);
        TSimd.Store(exponents, b);
        for (int i = 0; i < TSimd.Width; i++)
        {
            float x = lanes[i];
            lanes[i] = x == 0 ? 0 : MathF.Pow(x, exponents[i]) * MathF.Log(x);
        }

        return TSimd.Multiply(dy, TSimd.Load(lanes));
    }
}
