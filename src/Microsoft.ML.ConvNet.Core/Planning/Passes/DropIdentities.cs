using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>Drops ops that do nothing in inference: what they read stands for what they wrote.</summary>
internal sealed class DropIdentities : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "drop identities";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        Dictionary<int, OpValue> replacements = [];
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Inputs.Any(input => replacements.ContainsKey(input.Index)))
            {
                OpValue[] inputs = [.. node.Inputs.Select(input => replacements.GetValueOrDefault(input.Index, input))];
                graph.Replace(node, node.Content with { Inputs = inputs });
            }

            if (node.Op.IsIdentityInInference)
            {
                // Its input is resolved already, so that no chain of replacements ever has to be followed.
                replacements.Add(node.Output.Index, node.Inputs[0]);
                graph.KeepInstead(node.Output, node.Inputs[0]);
                graph.Remove(node);
            }
        }
    }
}
