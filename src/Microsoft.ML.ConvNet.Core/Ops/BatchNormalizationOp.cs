using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, a channel; in training over the batch's own mean and variance, which
/// also move the running ones; in inference, and in training where the layer is frozen, over the running ones, which stay. A residual r and max(0, .) may follow: f(y + r). Inputs: x, gamma,
/// beta, running mean, running variance, then r.
/// </summary>
internal sealed unsafe record BatchNormalizationOp(Shape Shape, float Epsilon, float Momentum) : Op, IFusibleOp
{
    private const int ResidualInput = 5;

    /// <inheritdoc/>
    public override string Kind => "batch normalization";

    /// <inheritdoc/>
    public bool HasResidual { get; private init; }

    /// <inheritdoc/>
    public ActivationFunction? Activation { get; private init; }

    /// <summary>The slice of the channels of a wider input that the op reads; null where the input is its own. In inference only.</summary>
    public ChannelSlice? Slice { get; init; }

    /// <summary>Whether training, too, normalises by the running statistics.</summary>
    public bool IsFrozen { get; private init; }

    /// <inheritdoc/>
    public override bool MovesStatistics => !IsFrozen;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads =>
        Activation == null ? BackwardReads.Inputs : BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public bool CanApply(ActivationFunction activation) => Activation == null && activation.IsRelu;

    /// <inheritdoc/>
    public bool CanAddResidual(bool training) => Activation == null && !HasResidual;

    /// <inheritdoc/>
    public Op WithActivation(ActivationFunction? activation) => this with { Activation = activation };

    /// <inheritdoc/>
    public Op WithResidual() => this with { HasResidual = true };

    /// <inheritdoc/>
    public override Op Frozen() => this with { IsFrozen = true };

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => input == ResidualInput;

    /// <inheritdoc/>
    public override string Describe() => Kind + IFusibleOp.Describe(this);

    /// <inheritdoc/>
    public override nint SavedLength(int batch) => IsFrozen ? 0 : 2 * (nint)PaddedChannels;

    /// <inheritdoc/>
    public override nint WorkspaceLength(int batch, bool training) =>
        training && !IsFrozen ? BatchNormalization.WorkspaceLength(Rows(batch), Shape.Channels) : 0;

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => BatchNormalization.WorkspaceLength(Rows(batch), Shape.Channels);

    private int PaddedChannels => Rounding.ToCacheLines(Shape.Channels);

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        Normalize(execution, binding, execution.Buffers[binding.Inputs[3]], execution.Buffers[binding.Inputs[4]]);

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding)
    {
        if (IsFrozen)
        {
            Forward(execution, binding);
            return;
        }

        int rows = Rows(execution.Batch);
        float* mean = execution.Buffers[binding.Saved];
        float* variance = mean + PaddedChannels;
        BatchNormalization.Statistics(
            execution.Gang,
            rows,
            Shape.Channels,
            execution.Buffers[binding.Inputs[0]],
            mean,
            variance,
            execution.Buffers[binding.Workspace]);
        Normalize(execution, binding, mean, variance);
    }

    /// <inheritdoc/>
    public override void MoveStatistics(in Execution execution, OpBinding binding)
    {
        float* mean = execution.Buffers[binding.Saved];
        BatchNormalization.UpdateRunning(
            Shape.Channels,
            Rows(execution.Batch),
            mean,
            mean + PaddedChannels,
            Momentum,
            execution.Buffers[binding.Inputs[3]],
            execution.Buffers[binding.Inputs[4]]);
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        float* mean = execution.Buffers[IsFrozen ? binding.Inputs[3] : binding.Saved];
        float* variance = IsFrozen ? execution.Buffers[binding.Inputs[4]] : mean + PaddedChannels;
        BatchNormalization.Backward(
            execution.Gang,
            Rows(execution.Batch),
            Shape.Channels,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.OutputGradient],
            mean,
            variance,
            execution.Buffers[binding.Inputs[1]],
            Epsilon,
            binding.InputGradients[0] >= 0 ? execution.Buffers[binding.InputGradients[0]] : null,
            binding.InputGradients[1] >= 0 ? execution.Buffers[binding.InputGradients[1]] : null,
            binding.InputGradients[2] >= 0 ? execution.Buffers[binding.InputGradients[2]] : null,
            execution.Buffers[binding.BackwardWorkspace],
            binding.Accumulate[0],
            fixedStatistics: IsFrozen,
            rectified: Activation == null ? null : execution.Buffers[binding.Output]);
        if (HasResidual)
        {
            PassToResidual(execution, binding);
        }
    }

    /// <summary>The residual's gradient is the output's, behind the function.</summary>
    private void PassToResidual(in Execution execution, OpBinding binding)
    {
        int gradient = binding.InputGradients[ResidualInput];
        if (gradient < 0 || gradient == binding.OutputGradient)
        {
            return;
        }

        nint count = (nint)execution.Batch * Shape.ElementCount;
        float* dy = execution.Buffers[binding.OutputGradient];
        if (binding.Accumulate[ResidualInput])
        {
            ElementwiseKernels.Accumulate(execution.Gang, dy, execution.Buffers[gradient], count);
        }
        else
        {
            ElementwiseKernels.Copy(execution.Gang, dy, execution.Buffers[gradient], count);
        }
    }

    private int Rows(int batch) => batch * (Shape.ElementCount / Shape.Channels);

    private void Normalize(in Execution execution, OpBinding binding, float* mean, float* variance)
    {
        Epilogue epilogue = default;
        epilogue.Residual = HasResidual ? execution.Buffers[binding.Inputs[ResidualInput]] : null;
        epilogue.IsRelu = Activation != null;
        BatchNormalization.Normalize(
            execution.Gang,
            Rows(execution.Batch),
            Shape.Channels,
            execution.Buffers[binding.Inputs[0]] + (Slice?.First ?? 0),
            mean,
            variance,
            execution.Buffers[binding.Inputs[1]],
            execution.Buffers[binding.Inputs[2]],
            Epsilon,
            epilogue,
            execution.Buffers[binding.Output],
            Slice?.Total ?? 0);
    }
}
