using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>Lets an op add the other operand of the addition that alone reads its output.</summary>
/// <param name="isTraining">Whether a backward pass follows.</param>
internal sealed class FuseResiduals(bool isTraining) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "fuse residuals";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is not AddOp || node.Inputs is not [{ } first, { } second] || first == second)
            {
                continue;
            }

            // The operand that is computed last: the other one is there by then.
            (OpValue own, OpValue other) = PlaceOf(graph, first) > PlaceOf(graph, second) ? (first, second) : (second, first);
            if (graph.ProducerToFuse(own) is { Op: IFusibleOp fusible } producer && fusible.CanAddResidual(isTraining))
            {
                OpValue sum = node.Output;
                graph.Remove(node);
                graph.Replace(producer, producer.Content with
                {
                    Op = fusible.WithResidual(),
                    Inputs = [.. producer.Inputs, other],
                    Output = sum,
                });
            }
        }
    }

    // Before all places for the network's input, which no node writes.
    private static int PlaceOf(PlanGraph graph, OpValue value) => graph.ProducerOf(value)?.Place ?? -1;
}
