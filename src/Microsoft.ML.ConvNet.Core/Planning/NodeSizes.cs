using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Whether the ops that passes rewrite see as many inputs, and in each as many elements, as there are.</summary>
internal static class NodeSizes
{
    /// <summary>What is wrong, or null.</summary>
    public static string? MistakeOf(OpNode node) => node.Op switch
    {
        ConvolutionOp op => MistakeOf(node, LengthsOf(op), OutputLengthOf(op)),
        DenseOp op => MistakeOf(
            node, [op.InputCount, (long)op.InputCount * op.OutputCount, .. BiasAndResidualOf(op, op.OutputCount, op.OutputCount)], op.OutputCount),
        BatchNormalizationOp op => MistakeOf(node, LengthsOf(op), op.Shape.ElementCount),
        BatchLanesOp op => MistakeOf(node, LengthsOf(op), OutputLengthOf(op.Chain[^1])),
        ConcatenationOp op when op.Offsets.Count != op.Channels.Count =>
            $"has {op.Channels.Count} inputs and {op.Offsets.Count} places for them",
        ConcatenationOp op => MistakeOf(node, [.. op.Channels.Select(channels => (long)op.Rows * channels)], op.Shape.ElementCount),
        AddOp op => MistakeOf(node, Enumerable.Repeat((long)op.Shape.ElementCount, Math.Max(2, node.Inputs.Count)), op.Shape.ElementCount),
        ActivationOp op => MistakeOf(node, [op.Shape.ElementCount], op.Shape.ElementCount),
        MaxPoolingOp op => MistakeOf(node, [op.Geometry.InputLength], op.Geometry.OutputLength),
        AveragePoolingOp op => MistakeOf(node, [op.Geometry.InputLength], op.Geometry.OutputLength),
        _ => null,
    };

    private static string? MistakeOf(OpNode node, IEnumerable<long> inputs, long output)
    {
        int number = 0;
        foreach (long length in inputs)
        {
            if (number >= node.Inputs.Count)
            {
                return $"has {node.Inputs.Count} inputs, which are too few";
            }

            if (node.Inputs[number].Shape.ElementCount != length)
            {
                return $"reads {length} elements as input {number}. There are {node.Inputs[number].Shape}";
            }

            number++;
        }

        if (number != node.Inputs.Count)
        {
            return $"has {node.Inputs.Count} inputs, of which it reads {number}";
        }

        return node.Output.Shape.ElementCount == output ? null : $"writes {output} elements. There is room for {node.Output.Shape}";
    }

    private static IEnumerable<long> LengthsOf(ConvolutionOp op)
    {
        ConvolutionShape s = op.Geometry;
        long pixels = (long)s.OutputHeight * s.OutputWidth;
        return [(long)s.InputHeight * s.InputWidth * s.InputChannels, s.WeightsLength, .. BiasAndResidualOf(op, s.OutputChannels, pixels * s.OutputChannels)];
    }

    private static IEnumerable<long> LengthsOf(BatchNormalizationOp op)
    {
        long channels = op.Shape.Channels;
        long read = op.Slice is { } slice ? op.Shape.ElementCount / channels * slice.Total : op.Shape.ElementCount;
        IEnumerable<long> lengths = [read, channels, channels, channels, channels];
        return op.HasResidual ? lengths.Append(op.Shape.ElementCount) : lengths;
    }

    // The input of the first of the chain, then the parameters of all of them.
    private static IEnumerable<long> LengthsOf(BatchLanesOp op) =>
        LengthsOf((ConvolutionOp)op.Chain[0]).Take(1).Concat(
            op.Chain.OfType<ConvolutionOp>().SelectMany(convolution => LengthsOf(convolution).Skip(1)));

    private static IEnumerable<long> BiasAndResidualOf(IWeightedOp op, long bias, long residual)
    {
        if (op.HasBias)
        {
            yield return bias;
        }

        if (op.HasResidual)
        {
            yield return residual;
        }
    }

    private static long OutputLengthOf(Op op) => op switch
    {
        ConvolutionOp { Geometry: { } s, Slice: { } slice } => (long)s.OutputHeight * s.OutputWidth * slice.Total,
        ConvolutionOp { Geometry: { } s, Pools: true } => (long)(s.OutputHeight / 2) * (s.OutputWidth / 2) * s.OutputChannels,
        ConvolutionOp { Geometry: { } s } => (long)s.OutputHeight * s.OutputWidth * s.OutputChannels,
        MaxPoolingOp { Geometry: { } s } => s.OutputLength,
        AveragePoolingOp { Geometry: { } s } => s.OutputLength,
        _ => 0,
    };
}
