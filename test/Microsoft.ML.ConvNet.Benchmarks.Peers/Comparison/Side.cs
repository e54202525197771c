namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>A work as one side does it: the engine or a peer.</summary>
internal abstract class Side : IDisposable
{
    /// <summary>Who it is.</summary>
    public abstract string Name { get; }

    /// <summary>Makes ready for runs that begin with the starting weights.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>Does the work once.</summary>
    public abstract void Run();

    /// <summary>
    /// What the work gives from the starting weights: the outputs; of a training step the loss and then the parameters after it, in the
    /// engine's order and axes. Nothing is dropped out there, since no two sides drop the same.
    /// </summary>
    public abstract IReadOnlyList<(string Name, float[] Numbers)> Results();

    /// <inheritdoc/>
    public abstract void Dispose();
}
