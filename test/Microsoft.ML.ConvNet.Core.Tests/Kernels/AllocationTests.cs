using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Kernels.Reductions;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels;

[TestClass]
public sealed unsafe class AllocationTests
{
    [TestMethod]
    public void Kernels_allocate_nothing_on_the_managed_heap()
    {
        const int Length = 90_000;
        PoolingShape shape = new(30, 30, 10, 15, 15, 2, 2, 2, 2, 0, 0, CountIncludesPadding: false, Adaptive: false);
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        using GuardedFloats x = new(GuardedFloats.Uniform(1, Length));
        using GuardedFloats y = new(Length);
        using GuardedFloats z = new(Length);
        using GuardedFloats workspace = new((int)BatchNormalization.WorkspaceLength(Length / 10, 10));
        int* targets = stackalloc int[Length / 10];
        uint* samples = stackalloc uint[10];
        AssertNone(
            () =>
            {
                ElementwiseKernels.Activate<Gelu>(gang, x.Pointer, y.Pointer, Length, 0f);
                ElementwiseKernels.ActivateBackward<Gelu>(gang, x.Pointer, y.Pointer, z.Pointer, Length, 0f, accumulate: true);
                ElementwiseKernels.Add(gang, x.Pointer, y.Pointer, z.Pointer, Length);
                MaxPooling.ForwardWithIndices(gang, shape, 10, x.Pointer, y.Pointer, (int*)z.Pointer);
                MaxPooling.Backward(gang, shape, 10, y.Pointer, (int*)z.Pointer, x.Pointer, accumulate: false);
                AveragePooling.Forward(gang, shape, 10, x.Pointer, y.Pointer);
                AveragePooling.Backward(gang, shape, 10, y.Pointer, x.Pointer, accumulate: false);
                BatchNormalization.Statistics(gang, Length / 10, 10, x.Pointer, y.Pointer, y.Pointer + 10, workspace.Pointer);
                BatchNormalization.Backward(
                    gang, Length / 10, 10, x.Pointer, z.Pointer, y.Pointer, y.Pointer + 10, y.Pointer, 1f, z.Pointer, null, null, workspace.Pointer, false);
                Softmax.Forward(gang, Length / 10, 10, x.Pointer, y.Pointer);
                CrossEntropy.ForwardBackward(gang, Length / 10, 10, x.Pointer, targets, null, y.Pointer, 1f);
                SquaredError.ForwardBackward(gang, Length / 10, 10, x.Pointer, y.Pointer, null, y.Pointer, 1f);
                Dropout.Forward(gang, 10, Length / 10, x.Pointer, y.Pointer, 0.5f, 1, 1, 1, samples);
                UpdateTarget target = new() { Weights = x.Pointer, Gradient = y.Pointer, Slot0 = z.Pointer, Count = Length, WeightFactor = 1 };
                OptimizerUpdates.Run(gang, target, new SgdRule(0.1, 0.9, nesterov: true));
                OptimizerUpdates.Clamp(gang, Length, y.Pointer, 1);
                OptimizerUpdates.SumOfSquares(gang, Length, x.Pointer);
                Reduction.ColumnSums(gang, Length / 10, 10, x.Pointer, y.Pointer, accumulate: false);
            });
    }

    private static void AssertNone(Action kernels)
    {
        kernels();
        long before = GC.GetAllocatedBytesForCurrentThread();
        kernels();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.AreEqual(0L, allocated);
    }
}
