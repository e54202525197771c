using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// Two or more inputs one behind the other along the channels: inputs <c>[H, W, C1]</c>, <c>[H, W, C2]</c>, ...; output
/// <c>[H, W, C1 + C2 + ...]</c>.
/// </summary>
public sealed record Concat : Layer
{
    internal override string NamePrefix => "concat";

    internal override int MinimumInputs => 2;

    internal override int MaximumInputs => 1024;

    internal override Shape InferShape(LayerContext context)
    {
        ReadOnlySpan<int> outer = context.Input.AsSpan()[..^1];
        long channels = 0;
        foreach (Shape shape in context.Inputs)
        {
            if (!shape.AsSpan()[..^1].SequenceEqual(outer))
            {
                throw context.Error(
                    $"all inputs have the same shape but for their channels. Received: {string.Join(", ", context.Inputs)}.");
            }

            channels += shape.Channels;
        }

        return channels <= int.MaxValue
            ? new Shape([.. outer, (int)channels])
            : throw context.Error($"there are at most {int.MaxValue:N0} channels. Received: {channels:N0}.");
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new ConcatenationOp(context.OutputShape, [.. context.InputShapes.Select(shape => shape.Channels)]));
}
