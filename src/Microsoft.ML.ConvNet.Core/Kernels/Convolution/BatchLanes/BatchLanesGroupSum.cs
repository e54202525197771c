using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>The sum of what the groups of a batch left, one group after the other: an item is a part of the numbers.</summary>
internal unsafe struct BatchLanesGroupSum : ISimdTask
{
    private const int Part = 512;

    /// <summary>The groups' numbers, one group's behind the other's.</summary>
    public float* Parts;

    /// <summary>The number of groups.</summary>
    public int Groups;

    /// <summary>The numbers of a group.</summary>
    public nint Length;

    /// <summary>Receives the sums.</summary>
    public float* Sums;

    /// <summary>Whether the sums are added to what is there.</summary>
    public bool Accumulate;

    /// <summary>The number of items.</summary>
    public readonly int Items => (int)Rounding.DivideUp(Length, Part);

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint end = nint.Min(Length, (nint)(item + 1) * Part);
        for (nint i = (nint)item * Part; i < end; i += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, end - i);
            float* from = Parts + i;
            TVector sum = TSimd.LoadPartial(from, count);
            for (int group = 1; group < Groups; group++)
            {
                from += Length;
                sum = TSimd.Add(sum, TSimd.LoadPartial(from, count));
            }

            Accumulation.PutPartial<TSimd, TVector>(Sums + i, sum, count, Accumulate);
        }
    }
}
