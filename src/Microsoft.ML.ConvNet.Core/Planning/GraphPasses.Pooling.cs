using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <content>Max pooling as the end of a convolution.</content>
internal sealed partial class GraphPasses
{
    /// <summary>
    /// Lets a convolution that can do so store the largest of each 2x2 block of its output, where a max pooling alone reads it: the whole
    /// output is never written. In inference; a gradient would ask which of the four it was.
    /// </summary>
    public void FuseMaxPooling()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op is not MaxPoolingOp { Rectifies: false } pooling)
            {
                continue;
            }

            int at = ProducerToFuse(_nodes[i].Inputs[0]);
            if (at >= 0 && _nodes[at].Op is ConvolutionOp { CanPool: true } convolution
                && ReadsImageOf(pooling, convolution) && HalvesImage(pooling.Geometry))
            {
                _nodes[at] = _nodes[at] with
                {
                    Op = convolution with { Pools = true },
                    Output = _nodes[i].Output,
                    Name = $"{_nodes[at].Name}..{_nodes[i].Name}",
                };
                _nodes.RemoveAt(i--);
            }
        }
    }

    // Whether the windows are 2x2 blocks, the first of them in the corner, and all of them inside of the image.
    private static bool HalvesImage(PoolingShape s) =>
        s is { KernelHeight: 2, KernelWidth: 2, StrideHeight: 2, StrideWidth: 2, PaddingTop: 0, PaddingLeft: 0, Adaptive: false, IsDilated: false }
        && s.OutputHeight == s.InputHeight / 2 && s.OutputWidth == s.InputWidth / 2;
}
