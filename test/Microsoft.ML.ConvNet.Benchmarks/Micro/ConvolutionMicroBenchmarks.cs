using BenchmarkDotNet.Attributes;
using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks.Micro;

/// <summary>The three passes of a dense layer and of a convolution, on all cores.</summary>
public class ConvolutionMicroBenchmarks
{
    private WorkerGang? _gang;
    private ConvolutionWorkload? _workload;

    /// <summary>Which shape.</summary>
    [Params("dense 512x512, batch 64", "3x3 64->64 28x28, batch 8", "1x1 256->64 28x28, batch 8")]
    public string Shape { get; set; } = string.Empty;

    [GlobalSetup]
    public void Setup()
    {
        _gang = WorkerPool.Shared.Lease(0);
        _workload = Shape.Split(' ')[0] switch
        {
            "dense" => new(_gang, ConvolutionShape.Dense(512, 512), 64),
            "3x3" => new(_gang, new(28, 28, 64, 28, 28, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1), 8),
            _ => new(_gang, new(28, 28, 256, 28, 28, 64, 1, 1, 1, 1, 1, 1, 0, 0, 1), 8),
        };
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _workload!.Dispose();
        _gang!.Dispose();
    }

    [Benchmark]
    public void Forward() => _workload!.Forward();

    [Benchmark]
    public void BackwardData() => _workload!.BackwardData();

    [Benchmark]
    public void BackwardWeights() => _workload!.BackwardWeights();

    [Benchmark]
    public void PackWeights() => _workload!.PackWeights();

    [Benchmark]
    public void PackTransposedWeights() => _workload!.PackTransposedWeights();
}
