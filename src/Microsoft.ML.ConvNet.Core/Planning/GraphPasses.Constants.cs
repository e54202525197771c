using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <content>Constants.</content>
internal sealed partial class GraphPasses
{
    /// <summary>
    /// Lets ops that can read a constant from its parameter, which is there once for all samples, instead of a copy a sample; an addition
    /// of one becomes an op that can.
    /// </summary>
    public void ReadConstants()
    {
        Dictionary<int, OpValue> parameters = _nodes
            .Where(node => node.Op is ExpansionOp { IsConstant: true })
            .ToDictionary(node => node.Output.Index, node => node.Inputs[0]);
        for (int i = 0; i < _nodes.Count && parameters.Count > 0; i++)
        {
            OpNode node = _nodes[i];
            for (int input = 0; input < node.Inputs.Count; input++)
            {
                Op op = node.Op is AddOp { Shape: { } shape } && node.Inputs.Count == 2
                    ? new BroadcastOp<Addition>(shape, shape, shape)
                    : node.Op;
                if (op is IConstantReader reader
                    && reader.CanReadParameter(input)
                    && parameters.TryGetValue(node.Inputs[input].Index, out OpValue? parameter))
                {
                    OpValue[] inputs = [.. node.Inputs];
                    inputs[input] = parameter with { Shape = reader.ParameterShape(input) };
                    node = node with { Op = reader.WithParameter(input), Inputs = inputs };
                }
            }

            _nodes[i] = node;
        }
    }
}
