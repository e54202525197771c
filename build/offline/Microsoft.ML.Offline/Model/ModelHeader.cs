#nullable disable
using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// What ML.NET writes before and after a model's own bytes: 256 bytes of offsets, versions and signatures, then the model,
/// its strings, the name of the assembly that can read it, and a tail. The layout is ML.NET's, byte for byte.
/// </summary>
internal sealed class ModelHeader
{
    public const int Size = 256;

    private const ulong HeadMark = 0x4C45444F4D004C4DUL;
    private const ulong TailMark = 0x4D4C004D4F44454CUL;
    private const uint FormatVersion = 0x00010002;

    private readonly byte[] _bytes;

    private ModelHeader(byte[] bytes) => _bytes = bytes;

    /// <summary>Where each field stands.</summary>
    private enum Field
    {
        Mark = 0x00,
        FormatWritten = 0x08,
        FormatReadable = 0x0C,
        ModelStart = 0x10,
        ModelSize = 0x18,
        StringTableStart = 0x20,
        StringTableSize = 0x28,
        StringCharsStart = 0x30,
        StringCharsSize = 0x38,
        ModelSignature = 0x40,
        ModelWritten = 0x48,
        ModelReadable = 0x4C,
        Loader = 0x50,
        LoaderAlternative = 0x68,
        TailStart = 0x80,
        End = 0x88,
        AssemblyNameStart = 0x90,
        AssemblyNameSize = 0x98,
    }

    public string[] Strings { get; private set; } = [];

    public string LoaderAssemblyName { get; private set; }

    public string LoaderSignature => ReadAscii(Field.Loader);

    public string LoaderSignatureAlt => ReadAscii(Field.LoaderAlternative);

    public bool HasModelSignature => this[Field.ModelSignature] != 0;

    public long End => this[Field.End];

    private long this[Field field]
    {
        get => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan((int)field));
        set => BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan((int)field), value);
    }

    /// <summary>Leaves room for the header at the writer's position.</summary>
    public static ModelHeader BeginWrite(BinaryWriter writer)
    {
        var header = new ModelHeader(new byte[Size]);
        header[Field.Mark] = unchecked((long)HeadMark);
        header.Write32(Field.FormatWritten, FormatVersion);
        header.Write32(Field.FormatReadable, FormatVersion);
        header[Field.ModelStart] = Size;
        writer.Write(header._bytes);
        return header;
    }

    public void SetVersionInfo(VersionInfo version)
    {
        this[Field.ModelSignature] = unchecked((long)version.ModelSignature);
        Write32(Field.ModelWritten, version.VerWrittenCur);
        Write32(Field.ModelReadable, version.VerReadableCur);
        WriteAscii(Field.Loader, version.LoaderSignature);
        WriteAscii(Field.LoaderAlternative, version.LoaderSignatureAlt);
        LoaderAssemblyName = version.LoaderAssemblyName;
    }

    /// <summary>Writes what follows the model, then the header into the room left for it.</summary>
    public void EndWrite(BinaryWriter writer, long start, IReadOnlyList<string> strings)
    {
        this[Field.ModelSize] = Position(writer) - Size - start;
        if (strings.Count > 0)
        {
            this[Field.StringTableStart] = Position(writer) - start;
            this[Field.StringTableSize] = strings.Count * sizeof(long);
            long end = 0;
            foreach (string text in strings)
            {
                end += text.Length * sizeof(char);
                writer.Write(end);
            }

            this[Field.StringCharsStart] = Position(writer) - start;
            this[Field.StringCharsSize] = end;
            foreach (string text in strings)
            {
                writer.Write(Encoding.Unicode.GetBytes(text));
            }
        }

        if (!string.IsNullOrEmpty(LoaderAssemblyName))
        {
            this[Field.AssemblyNameStart] = Position(writer) - start;
            Write32(Field.AssemblyNameSize, (uint)LoaderAssemblyName.Length * sizeof(char));
            writer.Write(Encoding.Unicode.GetBytes(LoaderAssemblyName));
        }

        this[Field.TailStart] = Position(writer) - start;
        writer.Write(TailMark);
        this[Field.End] = Position(writer) - start;
        writer.Flush();
        writer.BaseStream.Position = start;
        writer.Write(_bytes);
        writer.Flush();
        writer.BaseStream.Position = start + End;
    }

    /// <summary>Reads and checks the header; the reader then stands at the model.</summary>
    public static ModelHeader BeginRead(BinaryReader reader, IExceptionContext context)
    {
        Stream stream = reader.BaseStream;
        long start = stream.Position;
        byte[] bytes = reader.ReadBytes(Size);
        context.CheckDecode(bytes.Length == Size, $"Corrupt model file: its header is cut short at {bytes.Length} of {Size} bytes");
        var header = new ModelHeader(bytes);
        context.CheckDecode(unchecked((ulong)header[Field.Mark]) == HeadMark, "Wrong file type");
        context.CheckDecode(header.Read32(Field.FormatReadable) <= header.Read32(Field.FormatWritten), "Corrupt file header");
        context.CheckDecode(header.Read32(Field.FormatReadable) <= FormatVersion, "File is too new");
        context.CheckDecode(header.IsConsistent(stream.Length - start), "Corrupt file header");
        header.ReadStrings(reader, start);
        stream.Position = start + header[Field.TailStart];
        context.CheckDecode(reader.ReadUInt64() == TailMark, "Corrupt model file tail");
        stream.Position = start + Size;
        return header;
    }

    public void EndRead(BinaryReader reader, long start, IExceptionContext context)
    {
        long expected = start + Size + this[Field.ModelSize];
        long at = reader.BaseStream.Position;
        context.CheckDecode(at == expected, $"The reader of '{LoaderSignature}' stopped at byte {at}, where its model ends at {expected}");
        reader.BaseStream.Position = start + End;
    }

    public void CheckVersionInfo(VersionInfo version, IExceptionContext context)
    {
        context.CheckDecode(unchecked((ulong)this[Field.ModelSignature]) == version.ModelSignature, "Unknown file type");
        uint readable = Read32(Field.ModelReadable);
        uint written = Read32(Field.ModelWritten);
        context.CheckDecode(readable <= written, "Corrupt file header");
        context.CheckDecode(
            readable <= version.VerWrittenCur,
            $"Component '{version.LoaderSignature}' of the model is too new: expected at most version {version.VerWrittenCur:x8}, got {readable:x8}.");
        context.CheckDecode(
            written >= version.VerWeCanReadBack,
            $"Component '{version.LoaderSignature}' of the model is too old: expected at least version {version.VerWeCanReadBack:x8}, got {written:x8}.");
    }

    private static long Position(BinaryWriter writer)
    {
        writer.Flush();
        return writer.BaseStream.Position;
    }

    private bool IsConsistent(long available)
    {
        long at = Size + this[Field.ModelSize];
        bool sane = this[Field.ModelStart] == Size && at >= Size;
        if (this[Field.StringTableStart] != 0)
        {
            sane &= this[Field.StringTableStart] == at && this[Field.StringTableSize] % sizeof(long) == 0;
            at += this[Field.StringTableSize];
            sane &= this[Field.StringCharsStart] == at && this[Field.StringCharsSize] >= 0;
            at += this[Field.StringCharsSize];
        }

        if (this[Field.AssemblyNameStart] != 0)
        {
            sane &= this[Field.AssemblyNameStart] == at;
            at += Read32(Field.AssemblyNameSize);
        }

        return sane && this[Field.TailStart] == at && End == at + sizeof(ulong) && End <= available;
    }

    private void ReadStrings(BinaryReader reader, long start)
    {
        if (this[Field.StringTableStart] != 0)
        {
            reader.BaseStream.Position = start + this[Field.StringTableStart];
            var ends = new long[this[Field.StringTableSize] / sizeof(long)];
            for (int i = 0; i < ends.Length; i++)
            {
                ends[i] = reader.ReadInt64();
            }

            Strings = [.. ends.Select((end, i) =>
                Encoding.Unicode.GetString(reader.ReadBytes((int)(end - (i == 0 ? 0 : ends[i - 1])))))];
        }

        if (this[Field.AssemblyNameStart] != 0)
        {
            reader.BaseStream.Position = start + this[Field.AssemblyNameStart];
            LoaderAssemblyName = Encoding.Unicode.GetString(reader.ReadBytes((int)Read32(Field.AssemblyNameSize)));
        }
    }

    private uint Read32(Field field) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)field));

    private void Write32(Field field, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan((int)field), value);

    private string ReadAscii(Field field) => Encoding.Latin1.GetString(_bytes, (int)field, 24).TrimEnd('\0');

    private void WriteAscii(Field field, string text)
    {
        Span<byte> target = _bytes.AsSpan((int)field, 24);
        target.Clear();
        Encoding.Latin1.GetBytes(text ?? "", target);
    }
}
