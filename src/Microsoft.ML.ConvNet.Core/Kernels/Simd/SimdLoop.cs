using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>Runs the items of tasks in the tier of the machine, over the threads of a gang.</summary>
internal static unsafe class SimdLoop
{
    /// <summary>Work, in elements read or written, that one thread does in about the time that waking another one takes.</summary>
    public const long SmallWork = 1 << 15;

    /// <summary>Runs the items 0 to <paramref name="count"/> - 1, in any order and on any thread of the gang.</summary>
    public static void For<TTask>(WorkerGang gang, int count, TTask* task)
        where TTask : unmanaged, ISimdTask =>
        gang.For(count, &SimdTier.Run<TTask>, task);

    /// <summary>
    /// The same; on the calling thread alone where <paramref name="work"/>, in elements, is small. The items, and so the results, are the
    /// same either way.
    /// </summary>
    public static void For<TTask>(WorkerGang gang, int count, TTask* task, long work)
        where TTask : unmanaged, ISimdTask
    {
        if (work <= SmallWork)
        {
            gang.ForAlone(count, &SimdTier.Run<TTask>, task);
        }
        else
        {
            gang.For(count, &SimdTier.Run<TTask>, task);
        }
    }

    /// <summary>Runs item 0 on the calling thread, without scratch memory.</summary>
    public static void Run<TTask>(TTask* task)
        where TTask : unmanaged, ISimdTask =>
        SimdTier.Run<TTask>(task, 0, null);

    /// <summary>
    /// How many even parts a loop without reductions is divided into: one for small <paramref name="work"/>, else one a thread, none smaller
    /// than half of <see cref="SmallWork"/>.
    /// </summary>
    public static int Parts(WorkerGang gang, long work) =>
        work <= SmallWork ? 1 : (int)Math.Min(gang.Size, work / (SmallWork / 2));

    /// <summary>The same for a loop over things of which a part has at least one.</summary>
    public static int Parts(WorkerGang gang, long work, nint things) => (int)nint.Min(things, Parts(gang, work));

    /// <summary>
    /// The elements of each of so many even parts, the last of which may have fewer: whole lines of the cache, so that no two threads write
    /// to the same one.
    /// </summary>
    public static nint PartLength(nint count, int parts) => Rounding.ToCacheLines(Rounding.DivideUp(count, parts));
}
