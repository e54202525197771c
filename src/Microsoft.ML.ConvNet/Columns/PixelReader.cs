using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the pixels of the row that a cursor stands on. One thread uses it.</summary>
internal abstract class PixelReader
{
    private readonly IExceptionContext _context;

    // Made once: a row costs no memory.
    private readonly Func<string, Exception?, Exception> _unreadable;

    private protected PixelReader(IExceptionContext context, DataViewRow row, PixelSource source)
    {
        _context = context;
        _unreadable = Unreadable;
        Row = row;
        Source = source;
    }

    /// <summary>The row that is read.</summary>
    protected DataViewRow Row { get; }

    /// <summary>Which column is read, and in which order.</summary>
    protected PixelSource Source { get; }

    /// <summary>Makes a reader of a column that is active in the row.</summary>
    public static PixelReader Create(IExceptionContext context, DataViewRow row, PixelSource source) => source.Column.Type switch
    {
        ImageDataViewType => new ImagePixelReader(context, row, source),
        VectorDataViewType when source.IsOfFiles => new ImageFileReader(context, row, source),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Byte => new ByteVectorReader(context, row, source),
        _ => new FloatVectorReader(context, row, source),
    };

    /// <summary>Reads the pixels of the present row.</summary>
    /// <param name="pixels">Receives them as they are, <c>[H, W, C]</c>.</param>
    /// <exception cref="InvalidDataException">The row has no such pixels; the message names the row.</exception>
    public abstract void Read(Span<float> pixels);

    /// <summary>Reads the pixels of the present row, normalised.</summary>
    /// <param name="values">Receives them, <c>[H, W, C]</c>.</param>
    /// <param name="normalization">What is done to them.</param>
    /// <exception cref="InvalidDataException">The row has no such pixels; the message names the row.</exception>
    public abstract void Read(Span<float> values, PixelNormalization normalization);

    /// <summary>What is said of the present row, without a full stop.</summary>
    protected Exception BadRow(string message) => _context.BadRow(Row, Source.Column.Name, message);

    /// <summary>What is said of an image that cannot be read, without a full stop: a training may be told to leave its row out.</summary>
    protected Exception Unreadable(string message, Exception? cause) =>
        _context.BadRow(Row, Source.Column.Name, message, cause, isUnreadable: true);

    /// <summary>Fetches the present row's value, which the steps before the network make.</summary>
    protected void Fetch<T>(ValueGetter<T> getter, ref T value) => EarlierSteps.Fetch(getter, ref value, _unreadable);

    /// <summary>What is said of an image that is not there.</summary>
    protected Exception NoImage() => Unreadable("the row has an image. Received: none; its path may be empty, or its file missing", null);

    /// <summary>Whether the values of a vector lie in the order of the pixels.</summary>
    protected bool IsInOrder<T>(in VBuffer<T> vector) => vector.IsDense && !Source.IsPlanar;

    /// <summary>Throws where a vector has not as many values as there are pixels.</summary>
    protected void RequireLength<T>(in VBuffer<T> vector, int length)
    {
        if (vector.Length != length)
        {
            throw BadRow($"the vector has {length} values. Received: {vector.Length}");
        }
    }

    /// <summary>Brings the values of a vector in the order of the pixels.</summary>
    protected void Order<T>(in VBuffer<T> vector, Span<T> pixels)
    {
        RequireLength(vector, pixels.Length);
        ReadOnlySpan<T> values = vector.GetValues();
        int channels = Source.Shape.Channels;
        int plane = pixels.Length / channels;
        if (!vector.IsDense)
        {
            pixels.Clear();
            ReadOnlySpan<int> indices = vector.GetIndices();
            for (int i = 0; i < values.Length; i++)
            {
                int index = indices[i];
                pixels[Source.IsPlanar ? (index % plane * channels) + (index / plane) : index] = values[i];
            }
        }
        else if (Source.IsPlanar)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                ReadOnlySpan<T> from = values.Slice(channel * plane, plane);
                for (int i = 0, to = channel; i < from.Length; i++, to += channels)
                {
                    pixels[to] = from[i];
                }
            }
        }
        else
        {
            values.CopyTo(pixels);
        }
    }
}
