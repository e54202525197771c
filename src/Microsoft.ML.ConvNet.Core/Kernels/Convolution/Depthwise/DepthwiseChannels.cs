using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Depthwise;

/// <summary>
/// Neighbouring channels of a pixel: a vector, or its first lanes where <c>TPartial</c> counts one, so that nothing behind the last channel is
/// touched.
/// </summary>
internal static unsafe class DepthwiseChannels
{
    /// <summary>The channels at an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector, TPartial>(float* from, nint lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPartial : struct, ITileCount => TPartial.Count > 0 ? TSimd.LoadPartial(from, lanes) : TSimd.Load(from);

    /// <summary>Writes a sum with its bias and residual, within its bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TSimd, TVector, TPartial>(
        TVector sum, TVector bias, float* residual, TVector floor, TVector ceiling, float* result, nint offset, nint lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPartial : struct, ITileCount
    {
        sum = TSimd.Add(sum, bias);
        if (residual != null)
        {
            sum = TSimd.Add(sum, Load<TSimd, TVector, TPartial>(residual + offset, lanes));
        }

        sum = TSimd.Min(ceiling, TSimd.Max(floor, sum));
        if (TPartial.Count > 0)
        {
            TSimd.StorePartial(result + offset, sum, lanes);
        }
        else
        {
            TSimd.Store(result + offset, sum);
        }
    }
}
