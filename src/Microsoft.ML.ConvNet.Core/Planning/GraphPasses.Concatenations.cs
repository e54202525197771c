using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <content>Concatenations without copies, in inference.</content>
internal sealed partial class GraphPasses
{
    /// <summary>
    /// Lets concatenations that begin with an earlier one grow in the memory of the last of them, as in the blocks of DenseNet, where each
    /// layer adds its channels to all that came before: the earlier ones become slices of the last, which batch normalisation can read.
    /// Afterwards several ops write one value.
    /// </summary>
    public void GrowConcatenationsInPlace()
    {
        NestConcatenations();
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            if (_nodes[i].Op is not ConcatenationOp { Shape: { } whole } last || PrefixOf(i) is not { } prefix)
            {
                continue;
            }

            OpValue grown = _nodes[i].Output;
            OpValue part = _nodes[prefix].Output;
            _nodes[prefix] = _nodes[prefix] with { Op = (ConcatenationOp)_nodes[prefix].Op with { Shape = whole }, Output = grown };
            for (int reader = 0; reader < _nodes.Count; reader++)
            {
                if (_nodes[reader].Inputs[0] == part && _nodes[reader].Op is BatchNormalizationOp normalization)
                {
                    _nodes[reader] = _nodes[reader] with
                    {
                        Op = normalization with { Slice = new ChannelSlice(0, whole.Channels) },
                        Inputs = [grown, .. _nodes[reader].Inputs.Skip(1)],
                    };
                }
            }

            _nodes[i] = _nodes[i] with
            {
                Op = last with { Channels = [.. last.Channels.Skip(1)], Offsets = [.. last.Offsets.Skip(1)] },
                Inputs = [.. _nodes[i].Inputs.Skip(1)],
            };
        }
    }

    /// <summary>
    /// Lets convolutions write their channels where a concatenation, which alone reads them, would copy them to. Afterwards several ops
    /// write one value.
    /// </summary>
    public void WriteConcatenationsInPlace()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op is not ConcatenationOp { Shape: { } shape } concatenation)
            {
                continue;
            }

            OpNode node = _nodes[i];
            List<int> copied = [];
            for (int part = 0; part < node.Inputs.Count; part++)
            {
                int at = ProducerToFuse(node.Inputs[part]);
                if (at < 0 || _nodes[at].Op is not ConvolutionOp { CanWriteSlice: true } convolution
                    || convolution.Geometry.OutputChannels != concatenation.Channels[part])
                {
                    copied.Add(part);
                    continue;
                }

                ChannelSlice slice = new(concatenation.Offsets[part], shape.Channels);
                _nodes[at] = _nodes[at] with { Op = convolution with { Slice = slice }, Output = node.Output };
            }

            if (copied.Count == 0)
            {
                _nodes.RemoveAt(i--);
                continue;
            }

            _nodes[i] = node with
            {
                Op = new ConcatenationOp(shape, [.. copied.Select(part => concatenation.Channels[part])])
                {
                    Offsets = [.. copied.Select(part => concatenation.Offsets[part])],
                },
                Inputs = [.. copied.Select(part => node.Inputs[part])],
            };
        }
    }

    /// <summary>
    /// Lets a concatenation that begins with all inputs of an earlier one, along the same axis, read that one's result instead.
    /// </summary>
    private void NestConcatenations()
    {
        OpNode[] original = [.. _nodes];
        for (int i = 0; i < original.Length; i++)
        {
            if (original[i] is not { Op: ConcatenationOp later, Inputs: { } inputs })
            {
                continue;
            }

            OpNode? longest = original.Take(i)
                .Where(node => node.Op is ConcatenationOp earlier
                    && earlier.Rows == later.Rows
                    && node.Inputs.Count > 1
                    && node.Inputs.Count < inputs.Count
                    && node.Inputs.SequenceEqual(inputs.Take(node.Inputs.Count)))
                .MaxBy(node => node.Inputs.Count);
            if (longest != null)
            {
                int count = longest.Inputs.Count;
                _nodes[i] = original[i] with
                {
                    Op = new ConcatenationOp(later.Shape, [((ConcatenationOp)longest.Op).Shape.Channels, .. later.Channels.Skip(count)]),
                    Inputs = [longest.Output, .. inputs.Skip(count)],
                };
            }
        }
    }

    /// <summary>
    /// The concatenation along the same axis whose result a later one begins with, and which otherwise only ops read that can read a slice;
    /// null where there is none.
    /// </summary>
    private int? PrefixOf(int later)
    {
        OpValue part = _nodes[later].Inputs[0];
        int at = _nodes.FindIndex(node => node.Output == part);
        if (at < 0 || at >= later || _nodes[at].Op is not ConcatenationOp prefix
            || prefix.Rows != ((ConcatenationOp)_nodes[later].Op).Rows || _kept.Contains(part.Index)
            || _nodes[later].Inputs.Count < 2 || _nodes.Count(node => node.Output == part) > 1)
        {
            return null;
        }

        for (int i = 0; i < _nodes.Count; i++)
        {
            int reads = _nodes[i].Inputs.Count(input => input == part);
            bool isReader = i == later
                ? reads == 1
                : reads == 0
                    || (reads == 1
                        && _nodes[i].Inputs[0] == part
                        && _nodes[i].Op is BatchNormalizationOp { Slice: null } normalization
                        && normalization.Shape.Channels == prefix.Shape.Channels);
            if (!isReader)
            {
                return null;
            }
        }

        return at;
    }
}
