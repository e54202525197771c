namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>
/// How far two results are apart: for each tensor the largest difference of two elements, divided by the largest magnitude in the peer's
/// tensor; of several tensors the largest.
/// </summary>
/// <param name="Where">Which tensor it is.</param>
/// <param name="Error">The relative error.</param>
internal readonly record struct Disagreement(string Where, double Error)
{
    /// <summary>Results agree up to this relative error.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Whether the results may be called the same; a result that is no number agrees with nothing.</summary>
    public bool IsTolerable => Error <= Tolerance;

    /// <summary>Compares two tensors.</summary>
    public static Disagreement Between(string where, ReadOnlySpan<float> ours, ReadOnlySpan<float> peers)
    {
        if (ours.Length != peers.Length)
        {
            throw new PeerException($"{where}: the peer gives as many numbers as the engine, {ours.Length}. Received: {peers.Length}.");
        }

        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs((double)ours[i] - peers[i]));
            magnitude = Math.Max(magnitude, Math.Abs((double)peers[i]));
        }

        return new Disagreement(where, difference == 0 ? 0 : difference / magnitude);
    }

    /// <summary>The larger of two.</summary>
    public static Disagreement Larger(Disagreement left, Disagreement right) =>
        left.Error >= right.Error || double.IsNaN(left.Error) ? left : right;
}
