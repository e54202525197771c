using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>
/// Arithmetic on tensors of the same shape, element by element. An output may be one of the inputs; other overlaps are not allowed.
/// The results do not depend on how the elements are divided between threads.
/// </summary>
internal static unsafe class ElementwiseKernels
{
    // An exponential costs about as much as this many plain operations on an element.
    private const long TranscendentalWork = 4;

    /// <summary>y = f(x).</summary>
    public static void Activate<TActivation>(WorkerGang gang, float* x, float* y, nint count, float alpha)
        where TActivation : struct, IActivation =>
        Run<ActivationTerm<TActivation>>(gang, x, null, y, count, alpha, workAnElement: TranscendentalWork);

    /// <summary>y = f(x) on the calling thread: what a convolution's epilogue applies to its tile.</summary>
    public static void ActivateSpan<TActivation>(float* x, float* y, nint count, float alpha)
        where TActivation : struct, IActivation
    {
        ElementwiseLoop<ActivationTerm<TActivation>> loop = new() { A = x, Y = y, Count = count, Part = count, Alpha = alpha };
        SimdLoop.Run(&loop);
    }

    /// <summary>
    /// dx = dy f'(x), or dx += ..., where <paramref name="xOrY"/> is the output or the input of the forward pass as
    /// <see cref="IActivation.DerivativeFromOutput"/> says. dx may be dy.
    /// </summary>
    public static void ActivateBackward<TActivation>(
        WorkerGang gang, float* xOrY, float* dy, float* dx, nint count, float alpha, bool accumulate)
        where TActivation : struct, IActivation =>
        Run<ActivationGradientTerm<TActivation>>(gang, xOrY, dy, dx, count, alpha, accumulate, TranscendentalWork);

    /// <summary>dx = dy f'(x) on the calling thread; dx may be dy.</summary>
    public static void ActivateBackwardSpan<TActivation>(float* xOrY, float* dy, float* dx, nint count, float alpha)
        where TActivation : struct, IActivation
    {
        ElementwiseLoop<ActivationGradientTerm<TActivation>> loop =
            new() { A = xOrY, B = dy, Y = dx, Count = count, Part = count, Alpha = alpha };
        SimdLoop.Run(&loop);
    }

    /// <summary>y = a + b.</summary>
    public static void Add(WorkerGang gang, float* a, float* b, float* y, nint count) =>
        Run<AddTerm>(gang, a, b, y, count);

    /// <summary>y += x.</summary>
    public static void Accumulate(WorkerGang gang, float* x, float* y, nint count) =>
        Run<AddTerm>(gang, x, y, y, count);

    /// <summary>y += factor x.</summary>
    public static void AccumulateScaled(WorkerGang gang, float* x, float* y, float factor, nint count) =>
        Run<ScaledAddTerm>(gang, x, y, y, count, factor);

    /// <summary>y = factor x.</summary>
    public static void Scale(WorkerGang gang, float* x, float* y, float factor, nint count) =>
        Run<ScaledTerm>(gang, x, null, y, count, factor);

    /// <summary>y = x.</summary>
    public static void Copy(WorkerGang gang, float* x, float* y, nint count) =>
        Run<CopyTerm>(gang, x, null, y, count);

    /// <summary>y = value everywhere.</summary>
    public static void Fill(WorkerGang gang, float* y, float value, nint count)
    {
        int parts = SimdLoop.Parts(gang, count);
        FillLoop loop = new() { Y = y, Count = count, Part = SimdLoop.PartLength(count, parts), Value = value };
        SimdLoop.For(gang, parts, &loop, count);
    }

    private static void Run<TTerm>(
        WorkerGang gang, float* a, float* b, float* y, nint count, float alpha = 0, bool accumulate = false, long workAnElement = 1)
        where TTerm : struct, IElementTerm
    {
        long work = count * workAnElement;
        int parts = SimdLoop.Parts(gang, work);
        ElementwiseLoop<TTerm> loop = new()
        {
            A = a,
            B = b,
            Y = y,
            Count = count,
            Part = SimdLoop.PartLength(count, parts),
            Alpha = alpha,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }
}
