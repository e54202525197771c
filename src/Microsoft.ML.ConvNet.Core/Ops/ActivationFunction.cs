using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>A function applied to every element, with its derivative; fused into the op before it where that op can.</summary>
/// <param name="Alpha">The function's parameter, for those that have one.</param>
internal abstract unsafe record ActivationFunction(float Alpha)
{
    /// <summary>The function's name.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the derivative is computed from the function's value, else from its argument.</summary>
    public abstract bool DerivativeFromOutput { get; }

    /// <summary>Whether it is max(0, x), which kernels apply in registers.</summary>
    public abstract bool IsRelu { get; }

    /// <summary>Whether it is min(max(0, x), alpha), which kernels of convolutions and products apply in registers, too.</summary>
    public abstract bool IsClippedRelu { get; }

    /// <summary>The kernel (x, y, count, alpha) of the function over a run of elements, for an epilogue.</summary>
    /// <remarks>A method, as the one below: what a record generates of its properties Native AOT cannot compile for function pointers.</remarks>
    public abstract delegate*<float*, float*, nint, float, void> Kernel();

    /// <summary>The kernel (value or argument, dy, dx, count, alpha) of the gradient over a run of elements.</summary>
    public abstract delegate*<float*, float*, float*, nint, float, void> GradientKernel();

    /// <summary>y = f(x).</summary>
    public abstract void Forward(WorkerGang gang, float* x, float* y, nint count);

    /// <summary>dx = dy f'(x), or added to dx.</summary>
    public abstract void Backward(WorkerGang gang, float* argumentOrValue, float* dy, float* dx, nint count, bool accumulate);
}

/// <inheritdoc/>
internal sealed unsafe record ActivationFunction<TActivation>(float Alpha) : ActivationFunction(Alpha)
    where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    public override string Name => typeof(TActivation).Name;

    /// <inheritdoc/>
    public override bool DerivativeFromOutput => TActivation.DerivativeFromOutput;

    /// <inheritdoc/>
    public override bool IsRelu => typeof(TActivation) == typeof(Relu);

    /// <inheritdoc/>
    public override bool IsClippedRelu => typeof(TActivation) == typeof(ClippedRelu);

    /// <inheritdoc/>
    public override delegate*<float*, float*, nint, float, void> Kernel() => &ElementwiseKernels.ActivateSpan<TActivation>;

    /// <inheritdoc/>
    public override delegate*<float*, float*, float*, nint, float, void> GradientKernel() =>
        &ElementwiseKernels.ActivateBackwardSpan<TActivation>;

    /// <inheritdoc/>
    public override void Forward(WorkerGang gang, float* x, float* y, nint count) =>
        ElementwiseKernels.Activate<TActivation>(gang, x, y, count, Alpha);

    /// <inheritdoc/>
    public override void Backward(WorkerGang gang, float* argumentOrValue, float* dy, float* dx, nint count, bool accumulate) =>
        ElementwiseKernels.ActivateBackward<TActivation>(gang, argumentOrValue, dy, dx, count, Alpha, accumulate);
}
