using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads the pixels of a column of vectors of floats, and refuses those that are not finite.</summary>
internal sealed class FloatVectorReader : PixelReader
{
    private readonly ValueGetter<VBuffer<float>> _getter;
    private VBuffer<float> _vector;

    public FloatVectorReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source) => _getter = row.GetGetter<VBuffer<float>>(source.Column);

    /// <inheritdoc/>
    public override void Read(Span<float> pixels)
    {
        Fetch(_getter, ref _vector);
        Order(in _vector, pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            if (!float.IsFinite(pixels[i]))
            {
                throw BadRow(
                    FormattableString.Invariant($"pixels are finite numbers. Received: {pixels[i]}; ")
                    + "drop such rows with FilterRowsByMissingValues, or fill them in with ReplaceMissingValues");
            }
        }
    }
}
