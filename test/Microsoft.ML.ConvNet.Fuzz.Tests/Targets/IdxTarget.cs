using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>Images and labels in MNIST's format, plain and compressed.</summary>
internal sealed class IdxTarget : FuzzTarget
{
    private const int Count = 7;
    private const int Side = 9;
    private readonly byte[] _images = File(0x803, [Count, Side, Side]);
    private readonly byte[] _labels = File(0x801, [Count]);

    /// <inheritdoc/>
    public override string Name => "idx";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is InvalidDataException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        string folder = Directory.CreateTempSubdirectory("convnet-fuzz-").FullName;
        try
        {
            string images = Path.Combine(folder, "images");
            string labels = Path.Combine(folder, "labels");
            bool both = random.Next(2) == 0;
            System.IO.File.WriteAllBytes(images, both || random.Next(2) == 0 ? Changed(_images, random) : _images);
            System.IO.File.WriteAllBytes(labels, both || random.Next(2) == 0 ? Changed(_labels, random) : _labels);
            IdxReader.Read(images, labels).Dispose();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Changed(byte[] file, Random random) => random.Next(3) switch
    {
        0 => Mutation.Change(file, random),
        1 => Mutation.Change(Compressed(file), random),
        _ => Compressed(Mutation.Change(file, random)),
    };

    private static byte[] Compressed(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    private static byte[] File(int magic, ReadOnlySpan<int> dimensions)
    {
        int elements = 1;
        List<byte> bytes = [.. BigEndian(magic)];
        foreach (int dimension in dimensions)
        {
            bytes.AddRange(BigEndian(dimension));
            elements *= dimension;
        }

        bytes.AddRange(Enumerable.Range(0, elements).Select(i => (byte)(i % 10)));
        return [.. bytes];
    }

    private static byte[] BigEndian(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
