using Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>What all sides of a work begin with, and the sides.</summary>
internal sealed class WorkInput : IDisposable
{
    private readonly Work _work;
    private readonly Network _network;
    private readonly float[] _images;
    private readonly int[] _labels;

    /// <summary>Makes the numbers.</summary>
    public WorkInput(Work work)
    {
        _work = work;
        _network = work.CreateNetwork();
        _images = StartingNumbers.Images(_network, work.Batch);
        _labels = StartingNumbers.Labels(_network, work.Batch);
        Weights = StartingNumbers.Weights(_network, _images);
    }

    /// <summary>The starting weights.</summary>
    public Weights Weights { get; }

    /// <summary>The engine's side.</summary>
    public Side CreateEngine() => _work.IsTraining
        ? new EngineTraining(_network, Weights, _images, _labels)
        : new EngineInference(_network, Weights, _images, _work.Batch);

    /// <summary>LibTorch's side in one of its forms.</summary>
    public Side CreateLibTorch(LibTorchForm form) => _work.IsTraining
        ? new LibTorchTraining(_network, Weights, _images, _labels, form)
        : new LibTorchInference(_network, Weights, _images, _work.Batch, form);

    /// <summary>ONNX Runtime's side; it infers only.</summary>
    public Side CreateOnnxRuntime() => new OnnxRuntimeInference(_network, Weights, _images, _work.Batch);

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Weights.Dispose();
}
