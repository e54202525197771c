using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Optimizers;

/// <summary>The weights of a layer, their gradient and an optimizer.</summary>
internal sealed unsafe class OptimizerRun : IDisposable
{
    private readonly Optimizer _optimizer;
    private readonly Weights _weights;
    private readonly OptimizerState _state;
    private readonly NativeBuffer _gradients;

    public OptimizerRun(Optimizer optimizer, int count)
    {
        _optimizer = optimizer;
        _weights = new Weights(Network.Input(new Shape(count)).Dense(1, name: "dense"));
        _state = new OptimizerState(optimizer, _weights);
        _gradients = new NativeBuffer((nuint)_weights.Length * sizeof(float));
    }

    public Span<float> Weights => _weights["dense.weight"].Span;

    public Span<float> Gradients => new(_gradients.Floats, Weights.Length);

    public void Step()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        _optimizer.Update(
            gang, _weights.Pointer, _gradients.Floats, [new TrainableRun(0, Weights.Length, Decays: true)], _state, _optimizer.LearningRate);
    }

    public void Dispose()
    {
        _weights.Dispose();
        _state.Dispose();
        _gradients.Dispose();
    }
}
