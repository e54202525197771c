using System.Numerics;
using Microsoft.ML.ConvNet.Data;
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
        if (IsInOrder(in _vector))
        {
            RequireLength(in _vector, pixels.Length);
            Copy(_vector.GetValues(), pixels);
        }
        else
        {
            Order(in _vector, pixels);
            RequireFinite(pixels);
        }
    }

    /// <inheritdoc/>
    public override void Read(Span<float> values, PixelNormalization normalization)
    {
        Fetch(_getter, ref _vector);
        if (IsInOrder(in _vector))
        {
            RequireLength(in _vector, values.Length);
            RequireFinite(_vector.GetValues());
            normalization.Apply(_vector.GetValues(), values);
        }
        else
        {
            Order(in _vector, values);
            RequireFinite(values);
            normalization.Apply(values);
        }
    }

    /// <summary>Copies pixels, and looks at each on the way.</summary>
    private void Copy(ReadOnlySpan<float> from, Span<float> to)
    {
        Vector<float> sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> values = new(from[i..]);
            sum += values * Vector<float>.Zero;
            values.CopyTo(to[i..]);
        }

        from[i..].CopyTo(to[i..]);
        RequireFinite(to, Vector.EqualsAll(sum, Vector<float>.Zero) ? i : 0);
    }

    private void RequireFinite(ReadOnlySpan<float> pixels)
    {
        // A number times zero is zero, but for those that are not finite.
        Vector<float> sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= pixels.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sum += new Vector<float>(pixels[i..]) * Vector<float>.Zero;
        }

        RequireFinite(pixels, Vector.EqualsAll(sum, Vector<float>.Zero) ? i : 0);
    }

    private void RequireFinite(ReadOnlySpan<float> pixels, int first)
    {
        for (int i = first; i < pixels.Length; i++)
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
