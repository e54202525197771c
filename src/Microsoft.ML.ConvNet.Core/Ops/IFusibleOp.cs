using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Reductions;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>An op whose kernel can add a residual and apply a function to its output before storing it.</summary>
internal interface IFusibleOp
{
    /// <summary>Whether another activation is added.</summary>
    bool HasResidual { get; }

    /// <summary>The function applied last; null for none.</summary>
    ActivationFunction? Activation { get; }

    /// <summary>Whether the kernel can apply a function.</summary>
    bool CanApply(ActivationFunction activation) => Activation == null;

    /// <summary>Whether the kernel can add another activation, and has its gradient where that is asked for.</summary>
    bool CanAddResidual(bool training) => Activation == null && !HasResidual && !training;

    /// <summary>The same op with a function applied last, or none.</summary>
    Op WithActivation(ActivationFunction? activation);

    /// <summary>The same op with another activation added: its last input.</summary>
    Op WithResidual();

    /// <summary>What is fused, for a printed plan.</summary>
    static string Describe(IFusibleOp op) =>
        (op is WeightedOp { HasBias: true } ? " + bias" : string.Empty)
        + (op.HasResidual ? " + residual" : string.Empty)
        + (op.Activation is { } activation ? $" + {activation.Name}" : string.Empty);

    /// <summary>What the kernel of an op with inputs x, w, then a bias, then a residual does to a finished block of the output.</summary>
    static unsafe Epilogue EpilogueOf(IFusibleOp op, bool hasBias, in Execution execution, OpBinding binding)
    {
        int next = 2;
        Epilogue epilogue = default;
        epilogue.Bias = hasBias ? execution.Buffers[binding.Inputs[next++]] : null;
        epilogue.Residual = op.HasResidual ? execution.Buffers[binding.Inputs[next]] : null;
        if (op.Activation is { } activation)
        {
            epilogue.Activation = activation.Kernel();
            epilogue.Alpha = activation.Alpha;
            epilogue.IsRelu = activation.IsRelu || activation.IsClippedRelu;
            epilogue.IsClipped = activation.IsClippedRelu;
        }

        return epilogue;
    }

    /// <summary>
    /// Leads the gradient of the output of an op with inputs x, w, then a bias, back through what its epilogue did: the gradient becomes, in
    /// its place, that of the sums before the function, and the gradient of the bias is written.
    /// </summary>
    /// <param name="op">The op; without a residual, as all are in training.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <param name="execution">The run.</param>
    /// <param name="binding">The buffers of the op.</param>
    /// <param name="rows">Pixels of the output, of all samples of the batch.</param>
    /// <param name="channels">Channels of the output.</param>
    static unsafe void BackwardEpilogue(IFusibleOp op, bool hasBias, in Execution execution, OpBinding binding, int rows, int channels)
    {
        float* dy = execution.Buffers[binding.OutputGradient];
        op.Activation?.Backward(execution.Gang, execution.Buffers[binding.Output], dy, dy, (nint)rows * channels, accumulate: false);
        if (hasBias && binding.InputGradients[2] >= 0)
        {
            Reduction.ColumnSums(execution.Gang, rows, channels, dy, execution.Buffers[binding.InputGradients[2]], binding.Accumulate[2]);
        }
    }
}
