using System.Diagnostics;

namespace Microsoft.ML.ConvNet.Training.Steps;

/// <summary>
/// Finds out in the first batches of a training whether it goes faster where a thread of its own reads ahead. It does where threads would wait: for a
/// disk, or since a small network does not keep them busy. Where all cores compute, that thread takes one away from threads that wait for each other at
/// each layer, and what they would have read together in no time takes longer.
/// </summary>
/// <param name="clock">Gives the time.</param>
internal sealed class ReadingTrial(TimeProvider clock)
{
    /// <summary>The batches that are taken each way, the first of which do not count.</summary>
    public const int BatchesOfEach = NotCounted + Counted;

    private const int NotCounted = 2;
    private const int Counted = 9;

    // It is worth a thread where it is no mere chance.
    private const double WorthTrying = 0.98;

    private readonly double[] _together = new double[Counted];
    private readonly double[] _ahead = new double[Counted];
    private long _last;
    private int _batches;

    /// <summary>Whether the batch that is taken now is read ahead.</summary>
    public bool ReadsAhead { get; private set; }

    /// <summary>Whether it is decided.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Notes that a batch is taken: what has passed since the one before it is the time of that one.</summary>
    public void Next()
    {
        long now = clock.GetTimestamp();
        int before = _batches - 1;
        if (before >= 0 && before % BatchesOfEach >= NotCounted)
        {
            (before < BatchesOfEach ? _together : _ahead)[(before % BatchesOfEach) - NotCounted] = clock.GetElapsedTime(_last, now).TotalSeconds;
        }

        _last = now;
        ReadsAhead = _batches >= BatchesOfEach;
        if (_batches == 2 * BatchesOfEach)
        {
            IsOver = true;
            ReadsAhead = Median(_ahead) < WorthTrying * Median(_together);
        }

        _batches++;
    }

    // What ends an epoch falls into the time of one batch or another.
    private static double Median(double[] times)
    {
        Debug.Assert(times.Length % 2 == 1, "one is in the middle");
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
