namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets the ops of frozen layers leave alone what they remember from batch to batch, and compute with it as in inference. Before nodes are
/// fused, as they have the names of their layers.
/// </summary>
/// <param name="isFrozen">Which layers, by name, are frozen; none where not given.</param>
internal sealed class FreezeLayers(Func<string, bool>? isFrozen) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "freeze layers";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        if (isFrozen == null)
        {
            return;
        }

        foreach (PlanNode node in graph.Nodes)
        {
            if (isFrozen(node.Name))
            {
                graph.Replace(node, node.Content with { Op = node.Op.Frozen() });
            }
        }
    }
}
