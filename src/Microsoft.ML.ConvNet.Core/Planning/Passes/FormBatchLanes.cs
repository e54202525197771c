using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets one op compute convolutions with few channels, and the poolings after them, with images in the lanes of the vectors. Which
/// ones follows from the shapes of one image.
/// </summary>
/// <param name="options">What the plan may do.</param>
/// <param name="isTraining">Whether a backward pass follows.</param>
internal sealed class FormBatchLanes(PlanOptions options, bool isTraining) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "form batch lanes";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        if (!options.AllowsBatchLanes)
        {
            return;
        }

        foreach (PlanNode node in graph.Nodes)
        {
            List<PlanNode> chain = ChainFrom(graph, node);
            if (chain.Count > 0)
            {
                Join(graph, chain);
            }
        }
    }

    // One op at the place of the last of a chain: by then there is all that any of them reads.
    private void Join(PlanGraph graph, List<PlanNode> chain)
    {
        PlanNode first = chain[0];
        PlanNode last = chain[^1];
        OpNode joined = new(
            new BatchLanesOp([.. chain.Select(node => node.Op)], isTraining),
            [first.Inputs[0], .. chain.SelectMany(node => node.Inputs.Skip(1))],
            last.Output,
            chain.Count == 1 ? last.Name : $"{first.Name}..{last.Name}");
        foreach (PlanNode node in chain.SkipLast(1))
        {
            graph.Remove(node);
        }

        graph.Replace(last, joined);
    }

    // The convolution at a place and what follows it, as far as images in the lanes serve better than channels; none where they do not.
    private List<PlanNode> ChainFrom(PlanGraph graph, PlanNode start)
    {
        List<PlanNode> chain = [];
        PlanNode? node = start;
        // With room for the pooling behind the last convolution.
        while (node is { Op: ConvolutionOp convolution } && chain.Count < BatchLanesOp.MostOps - 1)
        {
            PlanNode? next = graph.OnlyReaderOf(node.Output);
            bool isPooled = next != null && BatchLanesOp.CanStandFor(next.Op) && ReadsImageOf(next, node);
            if ((chain.Count > 0 && !ReadsImageOf(node, chain[^1])) || !BatchLanesOp.CanStandFor(convolution, isPooled, isTraining))
            {
                break;
            }

            chain.Add(node);
            if (isPooled)
            {
                chain.Add(next!);
                next = graph.OnlyReaderOf(next!.Output);
            }

            node = next;
        }

        return chain;
    }

    private static bool ReadsImageOf(PlanNode reader, PlanNode writer) => ImageSize.ReadBy(reader.Op) == ImageSize.WrittenBy(writer.Op);
}
