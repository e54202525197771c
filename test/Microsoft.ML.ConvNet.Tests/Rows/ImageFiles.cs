using System.Buffers.Binary;

namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>BMP files of one colour and of given sizes, loaded as images; two classes take turns.</summary>
internal sealed class ImageFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-images-").FullName;
    private readonly FileRow[] _rows;

    public ImageFiles(params (int Height, int Width)[] sizes)
    {
        _rows = [.. sizes.Select((size, i) => new FileRow { Path = $"{i}.bmp", Label = i % 2 == 0 ? "even" : "odd" })];
        for (int i = 0; i < sizes.Length; i++)
        {
            File.WriteAllBytes(Path.Combine(_folder, _rows[i].Path), Bitmap(sizes[i].Height, sizes[i].Width, (byte)(40 * (i + 1))));
        }
    }

    public IDataView Load(MLContext context)
    {
        IDataView data = context.Data.LoadFromEnumerable(_rows);
        return context.Transforms.LoadImages("Image", _folder, "Path")
            .Append(context.Transforms.Conversion.MapValueToKey("Label"))
            .Fit(data).Transform(data);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>An uncompressed bitmap of 24 bits a pixel: two headers of 14 and 40 bytes, and rows padded to 4 bytes.</summary>
    private static byte[] Bitmap(int height, int width, byte value)
    {
        int stride = ((3 * width) + 3) / 4 * 4;
        byte[] file = new byte[54 + (stride * height)];
        file[0] = (byte)'B';
        file[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        file[26] = 1;
        file[28] = 24;
        file.AsSpan(54).Fill(value);
        return file;
    }

    private sealed class FileRow
    {
        public string Path { get; set; } = string.Empty;

        public string Label { get; set; } = string.Empty;
    }
}
