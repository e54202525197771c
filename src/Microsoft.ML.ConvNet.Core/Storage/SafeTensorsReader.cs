namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// Reads a safetensors file from its beginning to its end: the header, then tensor by tensor in the order in which they lie in the file. No
/// more of it is in memory than what is made of it, and the stream need not be able to seek.
/// </summary>
internal sealed class SafeTensorsReader
{
    private readonly Stream _stream;

    private SafeTensorsReader(Stream stream, SafeTensorsHeader header)
    {
        _stream = stream;
        Header = header;
    }

    /// <summary>The header.</summary>
    public SafeTensorsHeader Header { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file, read to its end.</param>
    /// <param name="begin">Given the header, looks whether it is what is wanted, and makes what receives the numbers.</param>
    /// <param name="read">Reads or passes over one tensor.</param>
    /// <exception cref="ModelFormatException">The file is malformed.</exception>
    public static T Read<T>(Stream stream, Func<SafeTensorsHeader, T> begin, Action<SafeTensorsReader, SafeTensorsEntry, T> read)
        where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            SafeTensorsReader reader = new(stream, SafeTensorsHeader.Read(stream));
            T result = begin(reader.Header);
            try
            {
                foreach (SafeTensorsEntry entry in reader.Header.Entries)
                {
                    read(reader, entry, result);
                }

                reader.RequireEnd();
            }
            catch
            {
                result.Dispose();
                throw;
            }

            return result;
        }
        catch (EndOfStreamException exception)
        {
            throw new ModelFormatException(
                "A safetensors file is as long as its header and its stream say. Received: an earlier end.", exception);
        }
    }

    /// <summary>Reads the numbers of the tensor that comes next.</summary>
    public void ReadNumbers(SafeTensorsEntry entry, Span<float> values) =>
        SafeTensorsElements.Read(_stream, entry.RequireElementType(), values);

    /// <summary>Passes over the tensor that comes next.</summary>
    public void Skip(SafeTensorsEntry entry) => SafeTensorsElements.Skip(_stream, entry.End - entry.Begin);

    // Of a stream that can seek it is known from the first.
    private void RequireEnd() => ModelFormatException.Require(
        _stream.CanSeek || _stream.ReadByte() < 0, "The tensors cover all of a safetensors file. Received: bytes after the last tensor.");
}
