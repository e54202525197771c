using BenchmarkDotNet.Attributes;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks.Micro;

/// <summary>Softmax with cross-entropy over 64 rows of 1000 classes, and updates of a million weights, on all cores.</summary>
public unsafe class TrainingMicroBenchmarks
{
    private const int Rows = 64;
    private const int Classes = 1000;
    private const int Weights = 1_000_000;

    private readonly NativeBuffer[] _buffers = new NativeBuffer[6];
    private WorkerGang? _gang;
    private NativeBuffer? _targets;

    [GlobalSetup]
    public void Setup()
    {
        _gang = WorkerPool.Shared.Lease(0);
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = MicroMemory.Random(i < 2 ? Rows * Classes : Weights);
        }

        _targets = MicroMemory.Random(Rows);
        for (int row = 0; row < Rows; row++)
        {
            ((int*)_targets.Pointer)[row] = row;
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (NativeBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }

        _targets!.Dispose();
        _gang!.Dispose();
    }

    [Benchmark]
    public void SoftmaxForward() => Softmax.Forward(_gang!, Rows, Classes, _buffers[0].Floats, _buffers[1].Floats);

    [Benchmark]
    public void SoftmaxCrossEntropy() => CrossEntropy.ForwardBackward(
        _gang!, Rows, Classes, _buffers[0].Floats, (int*)_targets!.Pointer, _buffers[2].Floats, _buffers[1].Floats, scale: 1f / Rows);

    // Steps of zero, so that however many runs leave the weights as they are.
    [Benchmark]
    public void Sgd() => OptimizerUpdates.Run(_gang!, Target(slots: 1, decay: 1e-4f), new SgdRule(learningRate: 0, momentum: 0.9, nesterov: false));

    [Benchmark]
    public void Adam() => OptimizerUpdates.Run(_gang!, Target(slots: 2, decay: 0), new AdamRule(learningRate: 0, 0.9, 0.999, 1e-8, step: 100));

    private UpdateTarget Target(int slots, float decay) => new()
    {
        Weights = _buffers[2].Floats,
        Gradient = _buffers[3].Floats,
        Slot0 = _buffers[4].Floats,
        Slot1 = slots > 1 ? _buffers[5].Floats : null,
        Count = Weights,
        GradientDecay = decay,
        WeightFactor = 1,
    };
}
