using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>Reads pixels that are bytes, and can give them as such.</summary>
internal abstract class BytePixelReader : PixelReader
{
    private readonly byte[] _bytes;

    private protected BytePixelReader(IExceptionContext context, DataViewRow row, PixelSource source)
        : base(context, row, source) => _bytes = new byte[source.Shape.ElementCount];

    /// <summary>Reads the pixels of the present row.</summary>
    /// <param name="pixels">Receives them, <c>[H, W, C]</c>.</param>
    /// <exception cref="InvalidDataException">The row has no such pixels; the message names the row.</exception>
    public abstract void ReadBytes(Span<byte> pixels);

    /// <inheritdoc/>
    public sealed override void Read(Span<float> pixels)
    {
        ReadBytes(_bytes);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = _bytes[i];
        }
    }
}
