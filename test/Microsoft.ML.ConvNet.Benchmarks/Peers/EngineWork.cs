using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>The engine's side of a work.</summary>
internal abstract class EngineWork : IDisposable
{
    /// <summary>Makes it.</summary>
    public static EngineWork Create(PeerWork work, Network network, Weights weights, float[] images, int[] labels) => work.IsTraining
        ? new EngineTraining(network, weights, images, labels)
        : new EngineInference(network, weights, images, work.Batch);

    /// <summary>Makes ready for runs that begin with the starting weights.</summary>
    public abstract void Reset();

    /// <summary>Does the work once.</summary>
    public abstract void Run();

    /// <summary>How far the results of the first run are from those that the peer wrote.</summary>
    public abstract Disagreement Compare(WorkFolder folder);

    /// <inheritdoc/>
    public abstract void Dispose();
}
