using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Ops;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Whether the ops that passes rewrite see as many inputs, and in each as many elements, as there are.</summary>
internal ref struct NodeSizes
{
    private readonly OpNode _node;
    private int _inputs;
    private string? _mistake;

    private NodeSizes(OpNode node) => _node = node;

    /// <summary>What is wrong, or null.</summary>
    public static string? MistakeOf(OpNode node)
    {
        NodeSizes sizes = new(node);
        return sizes.ReadAndWrite() ? sizes._mistake ?? sizes.MistakeInNumber() : null;
    }

    // Whether the op is one of those that are known here.
    private bool ReadAndWrite()
    {
        switch (_node.Op)
        {
            case ConvolutionOp op:
                Read((long)op.Geometry.InputHeight * op.Geometry.InputWidth * op.Geometry.InputChannels);
                ReadParameters(op);
                Write(OutputLengthOf(op));
                return true;
            case DenseOp op:
                Read(op.InputCount);
                Read((long)op.InputCount * op.OutputCount);
                ReadBiasAndResidual(op, op.OutputCount, op.OutputCount);
                Write(op.OutputCount);
                return true;
            case BatchLanesOp op:
                ReadAndWrite(op);
                return true;
            case BatchNormalizationOp op:
                ReadAndWrite(op);
                return true;
            case ConcatenationOp op:
                ReadAndWrite(op);
                return true;
            case AddOp op:
                for (int i = 0; i < Math.Max(2, _node.Inputs.Count); i++)
                {
                    Read(op.Shape.ElementCount);
                }

                Write(op.Shape.ElementCount);
                return true;
            case ActivationOp op:
                Read(op.Shape.ElementCount);
                Write(op.Shape.ElementCount);
                return true;
            case MaxPoolingOp { Geometry: { } s }:
                Read(s.InputLength);
                Write(s.OutputLength);
                return true;
            case AveragePoolingOp { Geometry: { } s }:
                Read(s.InputLength);
                Write(s.OutputLength);
                return true;
            default:
                return false;
        }
    }

    private void ReadAndWrite(BatchNormalizationOp op)
    {
        int channels = op.Shape.Channels;
        Read(op.Slice is { } slice ? (long)op.Shape.ElementCount / channels * slice.Total : op.Shape.ElementCount);
        for (int i = 0; i < 4; i++)
        {
            Read(channels);
        }

        if (op.HasResidual)
        {
            Read(op.Shape.ElementCount);
        }

        Write(op.Shape.ElementCount);
    }

    private void ReadAndWrite(ConcatenationOp op)
    {
        if (op.Offsets.Count != op.Channels.Count)
        {
            _mistake ??= Invariant($"has {op.Channels.Count} inputs and {op.Offsets.Count} places for them");
        }

        for (int i = 0; i < op.Channels.Count; i++)
        {
            Read((long)op.Rows * op.Channels[i]);
        }

        Write(op.Shape.ElementCount);
    }

    // The input of the first of the chain, then the parameters of all of them.
    private void ReadAndWrite(BatchLanesOp op)
    {
        ConvolutionShape s = ((ConvolutionOp)op.Chain[0]).Geometry;
        Read((long)s.InputHeight * s.InputWidth * s.InputChannels);
        for (int i = 0; i < op.Chain.Count; i++)
        {
            if (op.Chain[i] is ConvolutionOp convolution)
            {
                ReadParameters(convolution);
            }
        }

        Write(OutputLengthOf(op.Chain[^1]));
    }

    private void ReadParameters(ConvolutionOp op)
    {
        ConvolutionShape s = op.Geometry;
        Read(s.WeightsLength);
        ReadBiasAndResidual(op, s.OutputChannels, (long)s.OutputHeight * s.OutputWidth * s.OutputChannels);
    }

    private void ReadBiasAndResidual(WeightedOp op, long bias, long residual)
    {
        if (op.HasBias)
        {
            Read(bias);
        }

        if (op.HasResidual)
        {
            Read(residual);
        }
    }

    private void Read(long length)
    {
        int input = _inputs++;
        if (_mistake == null && input < _node.Inputs.Count && _node.Inputs[input].Shape.ElementCount != length)
        {
            _mistake = Invariant($"reads {length} elements as input {input}. There are {_node.Inputs[input].Shape}");
        }
    }

    private void Write(long length)
    {
        if (_mistake == null && _node.Output.Shape.ElementCount != length)
        {
            _mistake = Invariant($"writes {length} elements. There is room for {_node.Output.Shape}");
        }
    }

    private readonly string? MistakeInNumber() =>
        _inputs == _node.Inputs.Count ? null : Invariant($"has {_node.Inputs.Count} inputs, of which it would read {_inputs}");

    private static long OutputLengthOf(Op op) => op switch
    {
        ConvolutionOp { Geometry: { } s, Slice: { } slice } => (long)s.OutputHeight * s.OutputWidth * slice.Total,
        ConvolutionOp { Geometry: { } s, Pools: true } => (long)(s.OutputHeight / 2) * (s.OutputWidth / 2) * s.OutputChannels,
        ConvolutionOp { Geometry: { } s } => (long)s.OutputHeight * s.OutputWidth * s.OutputChannels,
        MaxPoolingOp { Geometry: { } s } => s.OutputLength,
        AveragePoolingOp { Geometry: { } s } => s.OutputLength,
        _ => 0,
    };
}
