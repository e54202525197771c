namespace Microsoft.ML.ConvNet.Training;

/// <summary>Sums up losses and classes found, sample by sample in a fixed order.</summary>
internal struct RunningMetrics
{
    private double _loss;
    private long _correct;

    /// <summary>The number of samples.</summary>
    public long Count { get; private set; }

    /// <summary>The sum of the losses.</summary>
    public readonly double LossSum => _loss;

    /// <summary>The number of samples whose class was found.</summary>
    public readonly long Correct => _correct;

    /// <summary>The mean loss; 0 before the first sample.</summary>
    public readonly double Loss => Count == 0 ? 0 : _loss / Count;

    /// <summary>The share of the samples whose class was found.</summary>
    public readonly double Accuracy => Count == 0 ? 0 : (double)_correct / Count;

    /// <summary>What was summed up before.</summary>
    public static RunningMetrics Of(double lossSum, long correct, long count) => new() { _loss = lossSum, _correct = correct, Count = count };

    /// <summary>Adds a sample.</summary>
    public void Add(double loss, bool isCorrect)
    {
        _loss += loss;
        _correct += isCorrect ? 1 : 0;
        Count++;
    }
}
