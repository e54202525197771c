using BenchmarkDotNet.Attributes;
using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks.Micro;

/// <summary>Batch normalisation of 16 images of 28x28x128, with shortcut and ReLU, on all cores.</summary>
public unsafe class NormalizationMicroBenchmarks
{
    private const int Rows = 16 * 28 * 28;
    private const int Channels = 128;
    private const float Epsilon = 1e-5f;

    private readonly NativeBuffer[] _buffers = new NativeBuffer[8];
    private WorkerGang? _gang;

    private float* X => _buffers[0].Floats;

    private float* Y => _buffers[1].Floats;

    private float* Dy => _buffers[2].Floats;

    private float* Mean => _buffers[3].Floats;

    private float* Variance => _buffers[4].Floats;

    private float* Gamma => _buffers[5].Floats;

    private float* Beta => _buffers[6].Floats;

    private float* Workspace => _buffers[7].Floats;

    [GlobalSetup]
    public void Setup()
    {
        _gang = WorkerPool.Shared.Lease(0);
        nint[] lengths =
        [
            Rows * Channels, Rows * Channels, Rows * Channels, Channels, Channels, Channels, Channels,
            BatchNormalization.WorkspaceLength(Rows, Channels),
        ];
        for (int i = 0; i < lengths.Length; i++)
        {
            _buffers[i] = MicroMemory.Random(lengths[i]);
        }

        Statistics();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (NativeBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }

        _gang!.Dispose();
    }

    [Benchmark]
    public void Statistics() => BatchNormalization.Statistics(_gang!, Rows, Channels, X, Mean, Variance, Workspace);

    [Benchmark]
    public void Normalize() => BatchNormalization.Normalize(
        _gang!, Rows, Channels, X, Mean, Variance, Gamma, Beta, Epsilon, new Epilogue { Residual = Dy, IsRelu = true }, Y);

    [Benchmark]
    public void Backward() => BatchNormalization.Backward(
        _gang!, Rows, Channels, X, Dy, Mean, Variance, Gamma, Epsilon, Dy, null, null, Workspace, accumulate: false, rectified: Y);
}
