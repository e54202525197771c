namespace Microsoft.ML.ConvNet.Training;

/// <summary>Sums up losses and classes found, sample by sample in a fixed order.</summary>
internal struct RunningMetrics
{
    private double _loss;
    private double _weight;
    private long _correct;

    /// <summary>The number of samples.</summary>
    public long Count { get; private set; }

    /// <summary>The sum of the losses, each times the weight of its sample.</summary>
    public readonly double LossSum => _loss;

    /// <summary>The sum of the samples' weights.</summary>
    public readonly double WeightSum => _weight;

    /// <summary>The number of samples whose class was found.</summary>
    public readonly long Correct => _correct;

    /// <summary>The mean loss; 0 before the first sample.</summary>
    public readonly double Loss => _weight == 0 ? 0 : _loss / _weight;

    /// <summary>The share of the samples whose class was found.</summary>
    public readonly double Accuracy => Count == 0 ? 0 : (double)_correct / Count;

    /// <summary>What was summed up before.</summary>
    public static RunningMetrics Of(double lossSum, double weightSum, long correct, long count) =>
        new() { _loss = lossSum, _weight = weightSum, _correct = correct, Count = count };

    /// <summary>Adds a sample.</summary>
    /// <param name="loss">Its loss, times its weight.</param>
    /// <param name="weight">What it counts in the mean of the losses.</param>
    /// <param name="isCorrect">Whether its class was found.</param>
    public void Add(double loss, double weight, bool isCorrect)
    {
        _loss += loss;
        _weight += weight;
        _correct += isCorrect ? 1 : 0;
        Count++;
    }
}
