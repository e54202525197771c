using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the pixels of a column of vectors of bytes.</summary>
internal sealed class ByteVectorReader : BytePixelReader
{
    private readonly ValueGetter<VBuffer<byte>> _getter;
    private VBuffer<byte> _vector;

    public ByteVectorReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source) => _getter = row.GetGetter<VBuffer<byte>>(source.Column);

    /// <inheritdoc/>
    public override void ReadBytes(Span<byte> pixels)
    {
        Fetch(_getter, ref _vector);
        Order(in _vector, pixels);
    }

    /// <inheritdoc/>
    public override void Read(Span<float> values, PixelNormalization normalization)
    {
        Fetch(_getter, ref _vector);
        if (IsInOrder(in _vector))
        {
            RequireLength(in _vector, values.Length);
            normalization.Apply(_vector.GetValues(), values);
        }
        else
        {
            Order(in _vector, Bytes);
            normalization.Apply(Bytes, values);
        }
    }
}
