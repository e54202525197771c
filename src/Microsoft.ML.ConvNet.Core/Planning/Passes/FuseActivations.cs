using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>Lets an op apply the function that alone reads its output.</summary>
/// <param name="isTraining">Whether a backward pass follows, which knows the function's derivative from the output only.</param>
internal sealed class FuseActivations(bool isTraining) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "fuse activations";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is ActivationOp { Function: { } function }
                && (!isTraining || function.DerivativeFromOutput)
                && graph.ProducerToFuse(node.Inputs[0]) is { Op: IFusibleOp fusible } producer
                && fusible.CanApply(function))
            {
                OpValue output = node.Output;
                graph.Remove(node);
                graph.Replace(producer, producer.Content with { Op = fusible.WithActivation(function), Output = output });
            }
        }
    }
}
