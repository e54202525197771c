using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>The vector width the kernels run with.</summary>
internal enum SimdTierKind
{
    /// <summary>One lane.</summary>
    Scalar,

    /// <summary>128 bits: SSE (perhaps without FMA), NEON, WebAssembly.</summary>
    Vector128,

    /// <summary>256 bits: AVX2 with FMA.</summary>
    Vector256,

    /// <summary>512 bits: AVX-512.</summary>
    Vector512,
}

/// <summary>Chooses the tier, once a process; the JIT folds <see cref="Current"/> to a constant.</summary>
/// <remarks>
/// Each tier is testable on one machine: <c>DOTNET_EnableAVX512=0</c> (<c>DOTNET_EnableAVX512F=0</c> on .NET 8) gives the 256-bit one,
/// <c>DOTNET_EnableAVX2=0</c> the 128-bit one without FMA, <c>DOTNET_EnableHWIntrinsic=0</c> the scalar one.
/// </remarks>
internal static class SimdTier
{
    /// <summary>The widest tier with hardware support.</summary>
    public static readonly SimdTierKind Current =
        HasVector512 ? SimdTierKind.Vector512
        : Vector256.IsHardwareAccelerated ? SimdTierKind.Vector256
        : Vector128.IsHardwareAccelerated ? SimdTierKind.Vector128
        : SimdTierKind.Scalar;

    // The runtime reports 512-bit vectors as not accelerated on the first processors with AVX-512, whose clock they lower; it compiles
    // them all the same, and for kernels that do little else they are much the faster.
    private static bool HasVector512 =>
        Vector512.IsHardwareAccelerated
        || (Avx512F.IsSupported && Avx512F.VL.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported);

    /// <summary>Lanes in a vector of the current tier: 16, 8, 4 or 1.</summary>
    public static int Width => Current switch
    {
        SimdTierKind.Vector512 => Simd512.Width,
        SimdTierKind.Vector256 => Simd256.Width,
        SimdTierKind.Vector128 => Simd128.Width,
        _ => SimdScalar.Width,
    };
}
