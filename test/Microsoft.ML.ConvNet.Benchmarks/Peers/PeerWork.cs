using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>A piece of work that the engine and a peer both do: a network, a batch, and inference or a training step.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="CreateNetwork">The network, whose name the peer knows it by.</param>
/// <param name="Batch">Images at a time.</param>
/// <param name="IsTraining">Whether it is a training step: cross-entropy, its gradients, stochastic gradient descent with momentum.</param>
/// <param name="Peer">Who else does it.</param>
/// <param name="ReferenceMilliseconds">What the peer took on the reference machine, 2 cores with AVX-512, where it was timed there.</param>
/// <param name="Goal">The least ratio of the peer's time to the engine's; null where none is set.</param>
internal sealed record PeerWork(
    string Name, Func<Network> CreateNetwork, int Batch, bool IsTraining, PeerKind Peer, double? ReferenceMilliseconds, double? Goal)
{
    /// <summary>The threads of both sides.</summary>
    public const int Threads = 2;

    /// <summary>The learning rate of a training step.</summary>
    public const float LearningRate = 0.01f;

    /// <summary>The momentum of a training step.</summary>
    public const float Momentum = 0.9f;
}
