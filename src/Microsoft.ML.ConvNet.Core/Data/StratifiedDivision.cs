using Microsoft.ML.ConvNet.Threading;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Samples divided by their numbers into two parts in which every class has the same share.</summary>
public sealed class StratifiedDivision
{
    private StratifiedDivision(bool[] isHeldOut)
    {
        Kept = [.. Enumerable.Range(0, isHeldOut.Length).Where(i => !isHeldOut[i])];
        HeldOut = [.. Enumerable.Range(0, isHeldOut.Length).Where(i => isHeldOut[i])];
    }

    /// <summary>The numbers of the samples that are kept, to train with, in their order.</summary>
    public IReadOnlyList<int> Kept { get; }

    /// <summary>The numbers of the samples that are held out, for validation or test, in their order.</summary>
    public IReadOnlyList<int> HeldOut { get; }

    /// <summary>
    /// Divides samples at random so that every class gives the same share of its own, as far as whole numbers allow; of each class at least
    /// one sample is kept, and of all at least one is held out. The division is a function of the seed.
    /// </summary>
    /// <param name="labels">The class of each sample, from 0; those with a negative one count as a class, too.</param>
    /// <param name="fraction">The share that is held out, between 0 and 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="leastOfClass">How many samples of each class are held out at least, where it has more than those.</param>
    /// <exception cref="ArgumentException">The share is not between 0 and 1, or no class has two samples.</exception>
    public static StratifiedDivision Of(IReadOnlyList<int> labels, double fraction, ulong seed, int leastOfClass = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegative(leastOfClass);
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The share of validation samples is between 0 and 1. Received: {fraction}."),
                nameof(fraction));
        }

        bool[] isHeldOut = new bool[labels.Count];
        int taken = 0;
        double wanted = 0;
        List<int>[] classes = SamplesByClass(labels);
        for (int label = 0; label < classes.Length; label++)
        {
            // What rounding denied the classes before is made good here, so that many small classes still give their share.
            int[] samples = [.. classes[label]];
            wanted += samples.Length * fraction;
            int most = Math.Max(0, samples.Length - 1);
            int quota = Math.Clamp((int)Math.Round(wanted) - taken, Math.Min(leastOfClass, most), most);
            new RandomStream(seed, RandomPurpose.Splitting, (uint)label).Shuffle<int>(samples);
            foreach (int sample in samples.AsSpan(0, quota))
            {
                isHeldOut[sample] = true;
            }

            taken += quota;

            // One sample, and no more: what classes of a single one cannot give is not taken from a later one instead.
            wanted = Math.Clamp(wanted, taken - 1, taken + 1);
        }

        if (taken == 0)
        {
            if (!classes.Any(samples => samples.Count > 1))
            {
                throw new ArgumentException(
                    Invariant($"A set is divided where a class has at least two samples. Received: {labels.Count} samples, no two of a class."),
                    nameof(labels));
            }

            TakeOne(classes, isHeldOut, seed);
        }

        return new StratifiedDivision(isHeldOut);
    }

    // The last of the lists is that of the samples without a class.
    private static List<int>[] SamplesByClass(IReadOnlyList<int> labels)
    {
        int count = Math.Max(labels.DefaultIfEmpty(-1).Max(), -1) + 1;
        List<int>[] classes = [.. Enumerable.Range(0, count + 1).Select(_ => new List<int>())];
        for (int i = 0; i < labels.Count; i++)
        {
            classes[labels[i] < 0 ? count : labels[i]].Add(i);
        }

        return classes;
    }

    private static void TakeOne(List<int>[] classes, bool[] isHeldOut, ulong seed)
    {
        List<int> largest = classes.MaxBy(samples => samples.Count)!;
        RandomStream stream = new(seed, RandomPurpose.Splitting, uint.MaxValue);
        isHeldOut[largest[stream.NextIndex(largest.Count)]] = true;
    }
}
