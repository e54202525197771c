namespace Microsoft.ML.ConvNet.Planning;

/// <summary>What the planner may do when it compiles a network.</summary>
public sealed record PlanOptions
{
    /// <summary>The options where none are given.</summary>
    public static PlanOptions Default { get; } = new();

    /// <summary>
    /// Whether 3x3 convolutions of stride 1 may be computed by Winograd's minimal filtering (Winograd, 1980; Lavin and Gray, 2016), where
    /// that takes less time. It takes up to four times fewer multiplications and rounds a little more: relative errors are around 2e-6
    /// rather than 2e-7. Results stay the same bits in any batch and at any number of threads.
    /// </summary>
    public bool AllowsWinograd { get; init; } = true;

    /// <summary>
    /// Whether convolutions with few channels, which do not fill vectors, may be computed for as many images at a time as a vector has
    /// lanes. Results stay the same bits in any batch and at any number of threads.
    /// </summary>
    public bool AllowsBatchLanes { get; init; } = true;
}
