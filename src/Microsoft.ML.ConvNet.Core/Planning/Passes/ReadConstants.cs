using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets ops that can read a constant from its parameter, which is there once for all samples, instead of a copy a sample; an addition
/// of one becomes an op that can.
/// </summary>
internal sealed class ReadConstants : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "read constants";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes)
        {
            OpNode content = node.Content;
            for (int input = 0; input < node.Inputs.Count; input++)
            {
                if (graph.ProducerOf(node.Inputs[input]) is { Op: ExpansionOp { IsConstant: true } } constant)
                {
                    content = WithParameter(content, input, constant.Inputs[0]);
                }
            }

            if (!ReferenceEquals(content, node.Content))
            {
                graph.Replace(node, content);
            }
        }
    }

    // The op as one that reads a parameter, where there is such a one.
    private static OpNode WithParameter(OpNode node, int input, OpValue parameter)
    {
        Op op = node.Op is AddOp { Shape: { } shape } && node.Inputs.Count == 2
            ? new BroadcastOp<Addition>(shape, shape, shape)
            : node.Op;
        if (op is not IConstantReader reader || !reader.CanReadParameter(input))
        {
            return node;
        }

        OpValue[] inputs = [.. node.Inputs];
        inputs[input] = parameter with { Shape = reader.ParameterShape(input) };
        return node with { Op = reader.WithParameter(input), Inputs = inputs };
    }
}
