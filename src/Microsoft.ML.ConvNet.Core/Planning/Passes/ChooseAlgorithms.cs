using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>Chooses the algorithms of every convolution by the shape of one image, where there is a choice.</summary>
/// <param name="options">What the plan may do.</param>
internal sealed class ChooseAlgorithms(PlanOptions options) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "choose algorithms";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        if (!options.AllowsWinograd)
        {
            return;
        }

        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is ConvolutionOp convolution)
            {
                graph.Replace(node, node.Content with { Op = convolution.WithBestAlgorithms() });
            }
        }
    }
}
