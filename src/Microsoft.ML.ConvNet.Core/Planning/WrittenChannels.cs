using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Which channels of a value that several ops write are written so far.</summary>
/// <param name="total">The channels of the value.</param>
internal sealed class WrittenChannels(int total)
{
    private readonly bool[] _isWritten = new bool[total];
    private int _count;
    private int _first;

    /// <summary>Whether all are.</summary>
    public bool IsWhole => _count == _isWritten.Length;

    /// <summary>The channels of the value of which an op writes some; 0 for an op that writes its output alone.</summary>
    public static int TotalOf(Op op) => op switch
    {
        ConvolutionOp { Slice: { } slice } => slice.Total,
        ConcatenationOp concatenation when !IsAll(concatenation) => concatenation.Shape.Channels,
        _ => 0,
    };

    /// <summary>Adds what an op writes.</summary>
    /// <returns>Whether all of it is there and nothing wrote it before.</returns>
    public bool Add(Op op)
    {
        if (TotalOf(op) != _isWritten.Length)
        {
            return false;
        }

        if (op is ConvolutionOp { Slice: { } slice } convolution)
        {
            return Add(slice.First, convolution.Geometry.OutputChannels);
        }

        ConcatenationOp concatenation = (ConcatenationOp)op;
        for (int i = 0; i < concatenation.Channels.Count; i++)
        {
            if (!Add(concatenation.Offsets[i], concatenation.Channels[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether some channels are.</summary>
    public bool Contains(int first, int count)
    {
        if (first < 0 || first + count > _isWritten.Length)
        {
            return false;
        }

        // Those from the beginning on are counted once, since they are asked for again and again.
        while (_first < _isWritten.Length && _isWritten[_first])
        {
            _first++;
        }

        return first + count <= _first || !_isWritten.AsSpan(first, count).Contains(false);
    }

    private bool Add(int first, int count)
    {
        if (first < 0 || count < 1 || first + count > _isWritten.Length)
        {
            return false;
        }

        Span<bool> channels = _isWritten.AsSpan(first, count);
        bool isFree = !channels.Contains(true);
        channels.Fill(true);
        _count += count;
        return isFree;
    }

    private static bool IsAll(ConcatenationOp concatenation) => concatenation.Channels.Sum() == concatenation.Shape.Channels;
}
