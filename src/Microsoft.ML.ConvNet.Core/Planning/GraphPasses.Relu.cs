using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <content>ReLU and max pooling.</content>
internal sealed partial class GraphPasses
{
    /// <summary>
    /// Lets max pooling apply the ReLU of what it alone reads, in training: the maximum of rectified numbers is the rectified maximum. There
    /// are fewer maxima than numbers, and their positions say which gradients pass, so that none is multiplied by a derivative.
    /// </summary>
    public void MoveReluBehindMaxPooling()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            int at = _nodes[i].Op is MaxPoolingOp { Rectifies: false } ? ProducerToFuse(_nodes[i].Inputs[0]) : -1;
            if (at < 0)
            {
                continue;
            }

            OpNode pooling = _nodes[i] with { Op = (MaxPoolingOp)_nodes[i].Op with { Rectifies = true } };
            switch (_nodes[at].Op)
            {
                case IFusibleOp { Activation.IsRelu: true } fusible:
                    _nodes[at] = _nodes[at] with { Op = fusible.WithActivation(null) };
                    _nodes[i] = pooling;
                    break;
                case ActivationOp { Function.IsRelu: true }:
                    _nodes[i] = pooling with { Inputs = [_nodes[at].Inputs[0]] };
                    _nodes.RemoveAt(at);
                    i--;
                    break;
            }
        }
    }
}
