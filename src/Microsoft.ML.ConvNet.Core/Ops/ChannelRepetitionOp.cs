using Microsoft.ML.ConvNet.Kernels.Layout;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>y[n, p, c M + m] = x[n, p, c]: every channel M times, side by side.</summary>
/// <param name="Pixels">The pixels of an image.</param>
/// <param name="Channels">The channels of the input.</param>
/// <param name="Repeats">How many times M each is there.</param>
internal sealed unsafe record ChannelRepetitionOp(int Pixels, int Channels, int Repeats) : Op
{
    /// <inheritdoc/>
    public override string Kind => "channel repetition";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        ChannelRepetition.Forward(
            execution.Gang,
            execution.Batch * Pixels,
            Channels,
            Repeats,
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Output]);

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding) =>
        ChannelRepetition.Backward(
            execution.Gang,
            execution.Batch * Pixels,
            Channels,
            Repeats,
            execution.Buffers[binding.OutputGradient],
            execution.Buffers[binding.InputGradients[0]],
            binding.Accumulate[0]);

    /// <inheritdoc/>
    public override string Describe() => Invariant($"{Repeats} times");
}
