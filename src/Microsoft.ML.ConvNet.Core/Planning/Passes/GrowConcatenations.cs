using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets concatenations that begin with an earlier one grow in the memory of the last of them, as in the blocks of DenseNet, where each
/// layer adds its channels to all that came before: the earlier ones become slices of the last, which batch normalisation can read.
/// In inference. Afterwards several ops write one value.
/// </summary>
internal sealed class GrowConcatenations : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "grow concatenations";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        HashSet<int> refused = [];
        foreach (PlanNode node in graph.NodesFromLast)
        {
            if (node.Op is ConcatenationOp last && PrefixOf(graph, node, last, refused) is { } prefix)
            {
                Grow(graph, prefix, node, last);
            }
        }
    }

    private static void Grow(PlanGraph graph, PlanNode prefix, PlanNode node, ConcatenationOp last)
    {
        OpValue grown = node.Output;
        foreach ((PlanNode reader, _) in graph.ReadsOf(prefix.Output))
        {
            if (reader.Op is BatchNormalizationOp normalization)
            {
                graph.Replace(reader, reader.Content with
                {
                    Op = normalization with { Slice = new ChannelSlice(0, last.Shape.Channels) },
                    Inputs = [grown, .. reader.Inputs.Skip(1)],
                });
            }
        }

        graph.Replace(prefix, prefix.Content with { Op = (ConcatenationOp)prefix.Op with { Shape = last.Shape }, Output = grown });
        graph.Replace(node, node.Content with
        {
            Op = last with { Channels = [.. last.Channels.Skip(1)], Offsets = [.. last.Offsets.Skip(1)] },
            Inputs = [.. node.Inputs.Skip(1)],
        });
    }

    /// <summary>
    /// The concatenation along the same axis whose result a later one begins with, and which otherwise only ops read that can read a slice;
    /// null where there is none.
    /// </summary>
    private static PlanNode? PrefixOf(PlanGraph graph, PlanNode later, ConcatenationOp last, HashSet<int> refused)
    {
        OpValue part = later.Inputs[0];
        if (later.Inputs.Count < 2 || graph.IsKept(part) || refused.Contains(part.Index)
            || graph.ProducerOf(part) is not { Op: ConcatenationOp prefix } producer || prefix.Rows != last.Rows)
        {
            return null;
        }

        if (graph.ReadsOf(part).All(read => read.Input == 0 && (read.Node == later || CanReadSlice(read.Node.Op, prefix))))
        {
            return producer;
        }

        // Another reader that wants it whole will do so whichever concatenation begins with it.
        refused.Add(part.Index);
        return null;
    }

    private static bool CanReadSlice(Op op, ConcatenationOp prefix) =>
        op is BatchNormalizationOp { Slice: null } normalization && normalization.Shape.Channels == prefix.Shape.Channels;
}
