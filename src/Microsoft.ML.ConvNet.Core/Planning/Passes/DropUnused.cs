namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>Drops ops whose results nothing reads.</summary>
internal sealed class DropUnused : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "drop unused";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        // From the end, so that what only dropped ops read is dropped as well.
        foreach (PlanNode node in graph.NodesFromLast)
        {
            if (graph.ReadCountOf(node.Output) == 0 && !graph.IsKept(node.Output))
            {
                graph.Remove(node);
            }
        }
    }
}
