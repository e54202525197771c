using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning.Passes;

/// <summary>
/// Lets a convolution that can do so store the largest of each 2x2 block of its output, where a max pooling alone reads it: the whole
/// output is never written. In inference; a gradient would ask which of the four it was.
/// </summary>
internal sealed class FuseMaxPooling : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "fuse max pooling";

    /// <inheritdoc/>
    public void Run(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is MaxPoolingOp { Rectifies: false } pooling
                && graph.ProducerToFuse(node.Inputs[0]) is { Op: ConvolutionOp { CanPool: true } convolution } producer
                && ImageSize.ReadBy(pooling) == ImageSize.WrittenBy(convolution)
                && HalvesImage(pooling.Geometry))
            {
                OpValue output = node.Output;
                graph.Remove(node);
                graph.Replace(producer, producer.Content with
                {
                    Op = convolution with { Pools = true },
                    Output = output,
                    Name = $"{producer.Name}..{node.Name}",
                });
            }
        }
    }

    // Whether the windows are 2x2 blocks, the first of them in the corner, and all of them inside of the image.
    private static bool HalvesImage(PoolingShape s) =>
        s is { KernelHeight: 2, KernelWidth: 2, StrideHeight: 2, StrideWidth: 2, PaddingTop: 0, PaddingLeft: 0, Adaptive: false, IsDilated: false }
        && s.OutputHeight == s.InputHeight / 2 && s.OutputWidth == s.InputWidth / 2;
}
