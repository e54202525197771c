namespace Microsoft.ML.ConvNet.Benchmarks.Sweep;

/// <summary>One pass of one shape of a sweep.</summary>
/// <param name="Network">The network.</param>
/// <param name="Layer">The first layer that has the shape.</param>
/// <param name="Shape">The shape in words.</param>
/// <param name="Count">How many layers have it.</param>
/// <param name="Batch">The images.</param>
/// <param name="Pass">Which of the three passes.</param>
/// <param name="OperationsPerByte">
/// Operations for each byte of input, weights and output: where they are few, memory bounds the rate and not arithmetic.
/// </param>
/// <param name="Algorithm">How it is computed.</param>
/// <param name="Milliseconds">The time of one layer.</param>
/// <param name="Gigaflops">The effective rate in GFLOP/s.</param>
/// <param name="Peak">The rate of multiply-adds in registers meanwhile.</param>
/// <param name="Share">The effective rate as a share of the peak.</param>
internal sealed record SweepRow(
    string Network,
    string Layer,
    string Shape,
    int Count,
    int Batch,
    string Pass,
    double OperationsPerByte,
    string Algorithm,
    double Milliseconds,
    double Gigaflops,
    double Peak,
    double Share)
{
    /// <summary>The time of all layers of the shape.</summary>
    public double TotalMilliseconds => Count * Milliseconds;

    /// <summary>How much less time the layers would take at a share of the peak; 0 where they reach it.</summary>
    public double Excess(double share) => Math.Max(0, TotalMilliseconds * (1 - (Share / share)));
}
