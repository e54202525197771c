using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance over each group of channels of each sample; max(0, .) may
/// follow. Inputs: x, gamma, beta.
/// </summary>
internal sealed unsafe record GroupNormalizationOp(Shape Shape, int Groups, float Epsilon) : Op, IFusibleOp
{
    /// <inheritdoc/>
    public override string Kind => "group normalization";

    /// <inheritdoc/>
    public bool HasResidual => false;

    /// <inheritdoc/>
    public ActivationFunction? Activation { get; private init; }

    /// <inheritdoc/>
    public override BackwardReads BackwardReads =>
        Activation == null ? BackwardReads.Inputs : BackwardReads.Inputs | BackwardReads.Output;

    /// <inheritdoc/>
    public bool CanApply(ActivationFunction activation) => Activation == null && activation.IsRelu;

    /// <inheritdoc/>
    public bool CanAddResidual(bool training) => false;

    /// <inheritdoc/>
    public Op WithActivation(ActivationFunction? activation) => this with { Activation = activation };

    /// <inheritdoc/>
    public Op WithResidual() => throw new NotSupportedException("A group normalization adds no residual.");

    /// <inheritdoc/>
    public override string Describe() => Invariant($"{Groups} groups{IFusibleOp.Describe(this)}");

    /// <inheritdoc/>
    public override nint SavedLength(int batch) => StatisticsLength(batch);

    /// <inheritdoc/>
    public override nint WorkspaceLength(int batch, bool training) =>
        GroupNormalization.WorkspaceLength(Samples(batch)) + (training ? 0 : StatisticsLength(batch));

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => GroupNormalization.BackwardWorkspaceLength(Samples(batch));

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        float* workspace = execution.Buffers[binding.Workspace];
        Normalize(execution, binding, workspace, workspace + StatisticsLength(execution.Batch));
    }

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding) =>
        Normalize(execution, binding, execution.Buffers[binding.Saved], execution.Buffers[binding.Workspace]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        float* mean = execution.Buffers[binding.Saved];
        GroupNormalizationGradients gradients = default;
        gradients.Dx = GradientOf(execution, binding, 0);
        gradients.Dgamma = GradientOf(execution, binding, 1);
        gradients.Dbeta = GradientOf(execution, binding, 2);
        gradients.Accumulate = binding.Accumulate[0];
        GroupNormalization.Backward(
            execution.Gang,
            Samples(execution.Batch),
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.OutputGradient],
            mean,
            mean + (StatisticsLength(execution.Batch) / 2),
            execution.Buffers[binding.Inputs[1]],
            Epsilon,
            Activation == null ? null : execution.Buffers[binding.Output],
            gradients,
            execution.Buffers[binding.BackwardWorkspace]);
    }

    private static float* GradientOf(in Execution execution, OpBinding binding, int input) =>
        binding.InputGradients[input] >= 0 ? execution.Buffers[binding.InputGradients[input]] : null;

    private void Normalize(in Execution execution, OpBinding binding, float* mean, float* workspace)
    {
        GroupedSamples samples = Samples(execution.Batch);
        float* x = execution.Buffers[binding.Inputs[0]];
        float* variance = mean + (StatisticsLength(execution.Batch) / 2);
        GroupNormalization.Statistics(execution.Gang, samples, x, mean, variance, workspace);
        GroupNormalization.Normalize(
            execution.Gang,
            samples,
            x,
            mean,
            variance,
            execution.Buffers[binding.Inputs[1]],
            execution.Buffers[binding.Inputs[2]],
            Epsilon,
            Activation != null,
            execution.Buffers[binding.Output]);
    }

    private nint StatisticsLength(int batch) => 2 * (nint)batch * Shape.Channels;

    private GroupedSamples Samples(int batch) => new(batch, Shape.ElementCount / Shape.Channels, Shape.Channels, Groups);
}
