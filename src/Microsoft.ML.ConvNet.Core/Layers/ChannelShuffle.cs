using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The channels of all groups in turn: the first of each group, then the second of each, so that what follows reads from every group (Zhang,
/// Zhou, Lin and Sun, "ShuffleNet", 2018). Channel g C / G + i becomes channel i G + g. Input <c>[..., C]</c>; output the same.
/// </summary>
/// <param name="Groups">The number of groups G; it divides the channels.</param>
public sealed record ChannelShuffle(int Groups) : Layer
{
    internal override string NamePrefix => "shuffle";

    /// <inheritdoc/>
    public override string Describe() => Invariant($"ChannelShuffle, groups {Groups}");

    internal override Shape InferShape(LayerContext context)
    {
        context.RequirePositive(Groups, "the number of groups");
        return context.Input.Channels % Groups == 0
            ? context.Input
            : throw context.Error(
                Invariant($"the number of groups divides the channels. Received: {Groups} groups, {context.Input.Channels} channels."));
    }

    internal override OpValue Lower(LoweringContext context)
    {
        Shape input = context.InputShapes[0];
        Shape grouped = [input.ElementCount / input.Channels, Groups, input.Channels / Groups];
        PermutationOp op = new(grouped, [0, 2, 1]);
        return op.IsIdentity ? context.Input : context.Emit(op);
    }
}
