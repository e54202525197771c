using BenchmarkDotNet.Attributes;
using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks.Micro;

/// <summary>Pooling and its gradient, 16 images of 56x56x64, on all cores.</summary>
public unsafe class PoolingMicroBenchmarks
{
    private const int Batch = 16;
    private static readonly PoolingShape Shape = new(56, 56, 64, 28, 28, 3, 3, 2, 2, 1, 1, false, false);

    private WorkerGang? _gang;
    private NativeBuffer? _x;
    private NativeBuffer? _y;
    private NativeBuffer? _places;

    [GlobalSetup]
    public void Setup()
    {
        _gang = WorkerPool.Shared.Lease(0);
        _x = MicroMemory.Random(Batch * Shape.InputLength);
        _y = MicroMemory.Random(Batch * Shape.OutputLength);
        _places = MicroMemory.Random(Batch * Shape.OutputLength);
        MaxForwardWithPlaces();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _x!.Dispose();
        _y!.Dispose();
        _places!.Dispose();
        _gang!.Dispose();
    }

    [Benchmark]
    public void MaxForward() => MaxPooling.Forward(_gang!, Shape, Batch, _x!.Floats, _y!.Floats);

    [Benchmark]
    public void MaxForwardWithPlaces() =>
        MaxPooling.ForwardWithIndices(_gang!, Shape, Batch, _x!.Floats, _y!.Floats, (int*)_places!.Pointer);

    [Benchmark]
    public void MaxBackward() =>
        MaxPooling.Backward(_gang!, Shape, Batch, _y!.Floats, (int*)_places!.Pointer, _x!.Floats, accumulate: false);

    [Benchmark]
    public void AverageForward() => AveragePooling.Forward(_gang!, Shape, Batch, _x!.Floats, _y!.Floats);

    [Benchmark]
    public void AverageBackward() => AveragePooling.Backward(_gang!, Shape, Batch, _y!.Floats, _x!.Floats, accumulate: false);
}
