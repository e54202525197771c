using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>
/// Arithmetic on tensors element by element. An output may be one of the inputs; other overlaps are not allowed.
/// The results do not depend on how the elements are divided between threads.
/// </summary>
internal static unsafe class ElementwiseKernels
{
    // An exponential costs about as much as this many plain operations on an element.
    private const long TranscendentalWork = 4;

    /// <summary>y = f(x).</summary>
    public static void Activate<TActivation>(WorkerGang gang, float* x, float* y, nint count, float alpha)
        where TActivation : struct, IActivation =>
        Unary<ActivationOperator<TActivation>>(gang, x, y, count, alpha, TranscendentalWork);

    /// <summary>y = f(x) on the calling thread: what a convolution's epilogue applies to its tile.</summary>
    public static void ActivateSpan<TActivation>(float* x, float* y, nint count, float alpha)
        where TActivation : struct, IActivation
    {
        UnaryLoop<ActivationOperator<TActivation>> loop = new() { X = x, Y = y, Count = count, Part = count, Alpha = alpha };
        SimdLoop.Run(&loop);
    }

    /// <summary>
    /// dx = dy f'(x), or dx += ..., where <paramref name="xOrY"/> is the output or the input of the forward pass as
    /// <see cref="IActivation.DerivativeFromOutput"/> says. dx may be dy.
    /// </summary>
    public static void ActivateBackward<TActivation>(
        WorkerGang gang, float* xOrY, float* dy, float* dx, nint count, float alpha, bool accumulate)
        where TActivation : struct, IActivation =>
        Binary<ActivationGradientOperator<TActivation>>(gang, xOrY, dy, dx, count, alpha, accumulate, TranscendentalWork);

    /// <summary>dx = dy f'(x) on the calling thread; dx may be dy.</summary>
    public static void ActivateBackwardSpan<TActivation>(float* xOrY, float* dy, float* dx, nint count, float alpha)
        where TActivation : struct, IActivation
    {
        BinaryLoop<ActivationGradientOperator<TActivation>> loop =
            new() { A = xOrY, B = dy, Y = dx, Count = count, Part = count, Alpha = alpha };
        SimdLoop.Run(&loop);
    }

    /// <summary>y = a + b.</summary>
    public static void Add(WorkerGang gang, float* a, float* b, float* y, nint count) =>
        Binary<SumOperator>(gang, a, b, y, count, 0f, accumulate: false, workAnElement: 1);

    /// <summary>y = max(a + b, 0): the end of a residual block.</summary>
    public static void AddRelu(WorkerGang gang, float* a, float* b, float* y, nint count) =>
        Binary<RectifiedSumOperator>(gang, a, b, y, count, 0f, accumulate: false, workAnElement: 1);

    /// <summary>y = a b, or y += a b.</summary>
    public static void Multiply(WorkerGang gang, float* a, float* b, float* y, nint count, bool accumulate = false) =>
        Binary<ProductOperator>(gang, a, b, y, count, 0f, accumulate, workAnElement: 1);

    /// <summary>y += x.</summary>
    public static void Accumulate(WorkerGang gang, float* x, float* y, nint count) =>
        Binary<SumOperator>(gang, x, y, y, count, 0f, accumulate: false, workAnElement: 1);

    /// <summary>y += factor x.</summary>
    public static void AccumulateScaled(WorkerGang gang, float* x, float* y, float factor, nint count) =>
        Binary<ScaledSumOperator>(gang, x, y, y, count, factor, accumulate: false, workAnElement: 1);

    /// <summary>y = factor x.</summary>
    public static void Scale(WorkerGang gang, float* x, float* y, float factor, nint count) =>
        Unary<ScalingOperator>(gang, x, y, count, factor, workAnElement: 1);

    /// <summary>y = x.</summary>
    public static void Copy(WorkerGang gang, float* x, float* y, nint count) =>
        Unary<IdentityOperator>(gang, x, y, count, 0f, workAnElement: 1);

    /// <summary>y = value everywhere.</summary>
    public static void Fill(WorkerGang gang, float* y, float value, nint count)
    {
        int parts = SimdLoop.Parts(gang, count);
        FillLoop loop = new() { Y = y, Count = count, Part = PartLength(count, parts), Value = value };
        SimdLoop.For(gang, parts, &loop, count);
    }

    private static void Unary<TOperator>(WorkerGang gang, float* x, float* y, nint count, float alpha, long workAnElement)
        where TOperator : struct, IUnaryOperator
    {
        int parts = SimdLoop.Parts(gang, count * workAnElement);
        UnaryLoop<TOperator> loop = new() { X = x, Y = y, Count = count, Part = PartLength(count, parts), Alpha = alpha };
        SimdLoop.For(gang, parts, &loop, count * workAnElement);
    }

    private static void Binary<TOperator>(
        WorkerGang gang, float* a, float* b, float* y, nint count, float alpha, bool accumulate, long workAnElement)
        where TOperator : struct, IBinaryOperator
    {
        int parts = SimdLoop.Parts(gang, count * workAnElement);
        BinaryLoop<TOperator> loop = new()
        {
            A = a,
            B = b,
            Y = y,
            Count = count,
            Part = PartLength(count, parts),
            Alpha = alpha,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &loop, count * workAnElement);
    }

    // Whole cache lines, so that no two threads write to the same one.
    private static nint PartLength(nint count, int parts) => (((count + parts - 1) / parts) + 15) / 16 * 16;
}
