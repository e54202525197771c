using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <content>Convolutions with few channels.</content>
internal sealed partial class GraphPasses
{
    /// <summary>
    /// Lets one op compute convolutions with few channels, and the poolings after them, with images in the lanes of the vectors. Which
    /// ones follows from the shapes of one image.
    /// </summary>
    /// <param name="training">Whether a backward pass follows.</param>
    public void FormBatchLanes(bool training)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            List<int> chain = BatchLanesChainFrom(i, training);
            if (chain.Count == 0)
            {
                continue;
            }

            OpNode first = _nodes[i];
            OpNode last = _nodes[chain[^1]];
            _nodes[chain[^1]] = new OpNode(
                new BatchLanesOp([.. chain.Select(at => _nodes[at].Op)], training),
                [first.Inputs[0], .. chain.SelectMany(at => _nodes[at].Inputs.Skip(1))],
                last.Output,
                chain.Count == 1 ? last.Name : $"{first.Name}..{last.Name}");
            foreach (int at in chain.SkipLast(1).Reverse())
            {
                _nodes.RemoveAt(at);
            }

            i--;
        }
    }

    // The convolution at a place and what follows it, as far as images in the lanes serve better than channels; none where they do not.
    private List<int> BatchLanesChainFrom(int start, bool training)
    {
        List<int> chain = [];
        int at = start;
        while (at >= 0 && _nodes[at].Op is ConvolutionOp convolution)
        {
            int next = OnlyReaderOf(_nodes[at].Output);
            bool isPooled = next >= 0 && BatchLanesOp.CanStandFor(_nodes[next].Op) && ReadsImageOf(_nodes[next].Op, convolution);
            if ((chain.Count > 0 && !ReadsImageOf(convolution, _nodes[chain[^1]].Op)) || !BatchLanesOp.CanStandFor(convolution, isPooled, training))
            {
                break;
            }

            chain.Add(at);
            if (isPooled)
            {
                chain.Add(next);
                next = OnlyReaderOf(_nodes[next].Output);
            }

            at = next;
        }

        return chain;
    }

    // Whether an op sees what the one before it writes as the image that it is: a reshape between them leaves no op of its own.
    private static bool ReadsImageOf(Op reader, Op writer)
    {
        (int Height, int Width, int Channels) written = writer switch
        {
            ConvolutionOp { Geometry: { } s } => (s.OutputHeight, s.OutputWidth, s.OutputChannels),
            MaxPoolingOp { Geometry: { } s } => (s.OutputHeight, s.OutputWidth, s.Channels),
            AveragePoolingOp { Geometry: { } s } => (s.OutputHeight, s.OutputWidth, s.Channels),
            _ => default,
        };
        return written == reader switch
        {
            ConvolutionOp { Geometry: { } s } => (s.InputHeight, s.InputWidth, s.InputChannels),
            MaxPoolingOp { Geometry: { } s } => (s.InputHeight, s.InputWidth, s.Channels),
            AveragePoolingOp { Geometry: { } s } => (s.InputHeight, s.InputWidth, s.Channels),
            _ => default,
        };
    }

    // The op that alone reads a value, as its first input; -1 where there is none.
    private int OnlyReaderOf(OpValue value)
    {
        if (_kept.Contains(value.Index) || _nodes.Sum(node => node.Inputs.Count(input => input == value)) != 1)
        {
            return -1;
        }

        return _nodes.FindIndex(node => node.Inputs[0] == value);
    }
}
