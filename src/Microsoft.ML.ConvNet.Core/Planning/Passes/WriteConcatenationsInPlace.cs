using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets convolutions write their channels where a concatenation, which alone reads them, would copy them to. In inference. Afterwards
/// several ops write one value.
/// </summary>
internal sealed class WriteConcatenationsInPlace : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "write concatenations in place";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is ConcatenationOp concatenation)
            {
                LeaveCopies(graph, node, concatenation, InputsToCopy(graph, node, concatenation));
            }
        }
    }

    // Lets the ops before a concatenation write their channels themselves; what they cannot is left to be copied.
    private static List<int> InputsToCopy(PlanGraph graph, PlanNode node, ConcatenationOp concatenation)
    {
        List<int> copied = [];
        for (int part = 0; part < node.Inputs.Count; part++)
        {
            if (graph.ProducerToFuse(node.Inputs[part]) is { Op: ConvolutionOp { CanWriteSlice: true } convolution } producer
                && convolution.Geometry.OutputChannels == concatenation.Channels[part])
            {
                ChannelSlice slice = new(concatenation.Offsets[part], concatenation.Shape.Channels);
                graph.Replace(producer, producer.Content with { Op = convolution with { Slice = slice }, Output = node.Output });
            }
            else
            {
                copied.Add(part);
            }
        }

        return copied;
    }

    private static void LeaveCopies(PlanGraph graph, PlanNode node, ConcatenationOp concatenation, List<int> copied)
    {
        if (copied.Count == 0)
        {
            graph.Remove(node);
        }
        else if (copied.Count < node.Inputs.Count)
        {
            graph.Replace(node, node.Content with
            {
                Op = new ConcatenationOp(concatenation.Shape, [.. copied.Select(part => concatenation.Channels[part])])
                {
                    Offsets = [.. copied.Select(part => concatenation.Offsets[part])],
                },
                Inputs = [.. copied.Select(part => node.Inputs[part])],
            });
        }
    }
}
