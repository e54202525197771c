using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads pixels that are bytes, and can give them as such.</summary>
internal abstract class BytePixelReader : PixelReader
{
    private protected BytePixelReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source) => Bytes = new byte[source.Shape.ElementCount];

    /// <summary>Room for the pixels of a row.</summary>
    protected byte[] Bytes { get; }

    /// <summary>Reads the pixels of the present row.</summary>
    /// <param name="pixels">Receives them, <c>[H, W, C]</c>.</param>
    /// <exception cref="InvalidDataException">The row has no such pixels; the message names the row.</exception>
    public abstract void ReadBytes(Span<byte> pixels);

    /// <inheritdoc/>
    public sealed override void Read(Span<float> pixels)
    {
        ReadBytes(Bytes);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = Bytes[i];
        }
    }

    /// <inheritdoc/>
    public override void Read(Span<float> values, PixelNormalization normalization)
    {
        ReadBytes(Bytes);
        normalization.Apply(Bytes, values);
    }
}
