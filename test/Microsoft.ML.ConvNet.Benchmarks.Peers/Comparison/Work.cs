using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>A piece of work that the engine and its peers do: a network, a batch, and inference or a training step.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="CreateNetwork">The network, whose name LibTorch's is found by.</param>
/// <param name="Batch">Images at a time.</param>
/// <param name="IsTraining">Whether it is a training step: cross-entropy, its gradients, stochastic gradient descent with momentum.</param>
internal sealed record Work(string Name, Func<Network> CreateNetwork, int Batch, bool IsTraining)
{
    /// <summary>The threads of every side.</summary>
    public const int Threads = 2;

    /// <summary>The learning rate of a training step.</summary>
    public const float LearningRate = 0.01f;

    /// <summary>The momentum of a training step.</summary>
    public const float Momentum = 0.9f;
}
