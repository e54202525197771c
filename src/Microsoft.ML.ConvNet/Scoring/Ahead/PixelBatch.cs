using System.Buffers;
using System.Runtime.ExceptionServices;
using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Scoring.Ahead;

/// <summary>
/// The pixels of the rows that are read ahead, as they are: bytes where they are bytes. The threads that score normalise them on the way to where they
/// compute. What reading a row threw is thrown when the row's turn comes.
/// </summary>
internal sealed class PixelBatch : IInputSamples, IDisposable
{
    private readonly PixelReader _reader;
    private readonly PixelNormalization _normalization;
    private readonly int _length;
    private byte[] _bytes;
    private float[] _floats;
    private readonly ExceptionDispatchInfo?[] _faults;

    /// <summary>Makes room.</summary>
    /// <param name="reader">Reads the pixels of the row that a cursor stands on.</param>
    /// <param name="normalization">What is done to them.</param>
    /// <param name="length">The number of values of a row.</param>
    /// <param name="rows">The most rows.</param>
    public PixelBatch(PixelReader reader, PixelNormalization normalization, int length, int rows)
    {
        _reader = reader;
        _normalization = normalization;
        _length = length;

        // So large that each would be one more for the collector to go through all memory for.
        _bytes = reader is BytePixelReader ? ArrayPool<byte>.Shared.Rent(length * rows) : [];
        _floats = reader is BytePixelReader ? [] : ArrayPool<float>.Shared.Rent(length * rows);
        _faults = new ExceptionDispatchInfo?[rows];
    }

    /// <summary>The place whose sample is the first that is scored.</summary>
    public int First { get; set; }

    /// <summary>Reads the pixels of the row that the cursor stands on.</summary>
    /// <param name="place">Where they are kept.</param>
    /// <returns>False where the row has none that can be scored.</returns>
    public bool Fetch(int place)
    {
        _faults[place] = null;
        try
        {
            if (_reader is BytePixelReader bytes)
            {
                bytes.ReadBytes(_bytes.AsSpan(place * _length, _length));
            }
            else
            {
                _reader.Read(_floats.AsSpan(place * _length, _length));
            }

            return true;
        }
#pragma warning disable CA1031 // It is thrown on when the row's turn comes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _faults[place] = ExceptionDispatchInfo.Capture(exception);
            return false;
        }
    }

    /// <summary>Gives the memory back; nobody reads or asks for a row any more.</summary>
    public void Dispose()
    {
        (byte[] bytes, float[] floats) = (_bytes, _floats);
        (_bytes, _floats) = ([], []);
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        if (floats.Length > 0)
        {
            ArrayPool<float>.Shared.Return(floats);
        }
    }

    /// <summary>Throws what reading a row threw.</summary>
    public void RequireSound(int place) => _faults[place]?.Throw();

    /// <inheritdoc/>
    public void Read(int sample, Span<float> values)
    {
        int place = First + sample;
        if (_faults[place] is not null)
        {
            // Nobody gets its scores.
            values.Clear();
        }
        else if (_bytes.Length > 0)
        {
            _normalization.Apply(_bytes.AsSpan(place * _length, _length), values);
        }
        else
        {
            _normalization.Apply(_floats.AsSpan(place * _length, _length), values);
        }
    }
}
