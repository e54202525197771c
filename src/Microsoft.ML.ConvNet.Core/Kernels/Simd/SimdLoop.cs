using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>Runs loop bodies in the current vector tier, over the threads of a gang where the work is worth waking them.</summary>
internal static unsafe class SimdLoop
{
    /// <summary>Work, in elements read or written, that one thread does in about the time that waking another one takes.</summary>
    public const long SmallWork = 1 << 15;

    /// <summary>
    /// Runs the body for the items 0 to <paramref name="count"/> - 1, in any order and on any thread of the gang; on the calling
    /// thread alone where <paramref name="work"/>, in elements, is small. The items, and so the results, are the same either way.
    /// </summary>
    public static void For<TLoop>(WorkerGang gang, int count, TLoop* loop, long work)
        where TLoop : unmanaged, ISimdLoop
    {
        if (count <= 1 || work <= SmallWork || gang.Size == 1)
        {
            for (int item = 0; item < count; item++)
            {
                RunItem<TLoop>(loop, item, null);
            }

            return;
        }

        gang.For(count, &RunItem<TLoop>, loop);
    }

    /// <summary>Runs the body for item 0 on the calling thread.</summary>
    public static void Run<TLoop>(TLoop* loop)
        where TLoop : unmanaged, ISimdLoop =>
        RunItem<TLoop>(loop, 0, null);

    /// <summary>
    /// How many even parts a loop without reductions is divided into: one for small <paramref name="work"/>, else one a thread, none smaller
    /// than half of <see cref="SmallWork"/>.
    /// </summary>
    public static int Parts(WorkerGang gang, long work) =>
        work <= SmallWork ? 1 : (int)Math.Min(gang.Size, work / (SmallWork / 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunItem<TLoop>(void* loop, int item, void* scratch)
        where TLoop : unmanaged, ISimdLoop
    {
        switch (SimdTier.Current)
        {
            case SimdTierKind.Vector512:
                ((TLoop*)loop)->Run<Simd512, Vector512<float>>(item);
                break;
            case SimdTierKind.Vector256:
                ((TLoop*)loop)->Run<Simd256, Vector256<float>>(item);
                break;
            case SimdTierKind.Vector128:
                ((TLoop*)loop)->Run<Simd128, Vector128<float>>(item);
                break;
            default:
                ((TLoop*)loop)->Run<SimdScalar, float>(item);
                break;
        }
    }
}
