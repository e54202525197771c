using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>The vector width that all kernels run with: the widest that the machine has, the same for the life of a process.</summary>
/// <remarks>
/// Each tier is testable on one machine: <c>DOTNET_EnableAVX512=0</c> (<c>DOTNET_EnableAVX512F=0</c> on .NET 8) gives the 256-bit one,
/// <c>DOTNET_EnableAVX2=0</c> the 128-bit one without FMA, <c>DOTNET_EnableHWIntrinsic=0</c> the scalar one.
/// </remarks>
internal static unsafe class SimdTier
{
    private static readonly Properties Current = Properties.Read();

    /// <summary>Lanes in a vector: 16, 8, 4 or 1.</summary>
    public static readonly int Width = Current.Width;

    /// <summary>See <see cref="ISimd{TVector}.Registers"/>.</summary>
    public static readonly int Registers = Current.Registers;

    /// <summary>See <see cref="ISimd{TVector}.HalfTileRows"/>.</summary>
    public static readonly int HalfTileRows = Current.HalfTileRows;

    /// <summary>What the tier is called: Vector512, Vector256, Vector128 or Scalar.</summary>
    public static string Name => Width == 1 ? "Scalar" : Invariant($"Vector{Width * 8 * sizeof(float)}");

    /// <summary>
    /// Does one item of a task in the tier. This is the only place that names the tiers, one row each; the JIT knows which of them the
    /// machine supports and compiles that row alone, to a direct call.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TTask>(void* task, int item, void* scratch)
        where TTask : unmanaged, ISimdTask
    {
        if (Simd512.IsSupported)
        {
            ((TTask*)task)->Run<Simd512, Vector512<float>>(item, scratch);
        }
        else if (Simd256.IsSupported)
        {
            ((TTask*)task)->Run<Simd256, Vector256<float>>(item, scratch);
        }
        else if (Simd128.IsSupported)
        {
            ((TTask*)task)->Run<Simd128, Vector128<float>>(item, scratch);
        }
        else
        {
            ((TTask*)task)->Run<SimdScalar, float>(item, scratch);
        }
    }

    /// <summary>What the tier says of itself, for code that is not generic over it.</summary>
    private struct Properties : ISimdTask
    {
        public int Width;
        public int Registers;
        public int HalfTileRows;

        public static Properties Read()
        {
            Properties properties = default;
            SimdTier.Run<Properties>(&properties, 0, null);
            return properties;
        }

        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            Width = TSimd.Width;
            Registers = TSimd.Registers;
            HalfTileRows = TSimd.HalfTileRows;
        }
    }
}
