namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>What timing a side in turn with others gave.</summary>
/// <param name="Side">Who it is.</param>
/// <param name="Milliseconds">The median of its runs.</param>
/// <param name="BusyAfterTurns">The processors that were busy in this process when the pause after its turns ended: 0 where all was still.</param>
/// <param name="AllocatedBytes">Managed memory that a run took.</param>
internal readonly record struct Timing(string Side, double Milliseconds, double BusyAfterTurns, double AllocatedBytes);
