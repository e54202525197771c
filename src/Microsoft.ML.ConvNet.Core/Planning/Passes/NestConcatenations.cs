using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets a concatenation that begins with all inputs of an earlier one, along the same axis, read that one's result instead: the longest
/// such one. A block of DenseNet may be written in both ways, and is then planned in one.
/// </summary>
internal sealed class NestConcatenations : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "nest concatenations";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        // The concatenations so far as a tree: the inputs of each are a way down from a root, one for each number of rows, numbered below 0.
        Dictionary<(int From, int Value), int> branches = [];
        Dictionary<int, PlanNode> ends = [];
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is not ConcatenationOp concatenation)
            {
                continue;
            }

            IReadOnlyList<OpValue> inputs = node.Inputs;
            PlanNode? longest = null;
            int length = 0;
            int at = -concatenation.Rows;
            for (int i = 0; i < inputs.Count; i++)
            {
                if (i > 1 && ends.TryGetValue(at, out PlanNode? prefix))
                {
                    (longest, length) = (prefix, i);
                }

                at = BranchOf(branches, at, inputs[i]);
            }

            ends.TryAdd(at, node);
            if (longest is { Op: ConcatenationOp { Shape: { } read } })
            {
                graph.Replace(node, node.Content with
                {
                    Op = new ConcatenationOp(concatenation.Shape, [read.Channels, .. concatenation.Channels.Skip(length)]),
                    Inputs = [longest.Output, .. inputs.Skip(length)],
                });
            }
        }
    }

    private static int BranchOf(Dictionary<(int From, int Value), int> branches, int from, OpValue value)
    {
        if (!branches.TryGetValue((from, value.Index), out int branch))
        {
            branch = branches.Count;
            branches.Add((from, value.Index), branch);
        }

        return branch;
    }
}
