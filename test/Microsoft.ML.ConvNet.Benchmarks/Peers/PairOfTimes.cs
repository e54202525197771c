namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>What timing a work on both sides gave.</summary>
/// <param name="PeerMilliseconds">The median of the peer's runs.</param>
/// <param name="EngineMilliseconds">The median of the engine's runs.</param>
/// <param name="PeerLoad">The processors that the peer kept busy in the engine's turns: 0 where it was idle.</param>
/// <param name="OtherLoad">The processors that other programs kept busy; null where that is not known.</param>
/// <param name="AllocatedBytes">Managed memory that a run of the engine took.</param>
internal readonly record struct PairOfTimes(
    double PeerMilliseconds, double EngineMilliseconds, double PeerLoad, double? OtherLoad, double AllocatedBytes);
