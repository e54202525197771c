using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.ConvNet.Cli.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Data;

/// <summary>Writes folders of IDX files, right ones and others.</summary>
internal static class IdxFiles
{
    private const int UnsignedBytes = 0x08;

    /// <summary>Writes drawn digits: a training part, compressed, and a test part.</summary>
    public static string WriteDigits(string folder, int training, int test)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", new SyntheticDigits(training, seed: 1), compressed: true);
        Write(folder, "t10k", new SyntheticDigits(test, seed: 2), compressed: false);
        return folder;
    }

    /// <summary>Writes one part: bytes for images and labels.</summary>
    public static void Write(string folder, string part, int[] imageDimensions, byte[] pixels, byte[] labels)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), Content(imageDimensions, pixels));
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), Content([labels.Length], labels));
    }

    private static void Write(string folder, string part, SyntheticDigits digits, bool compressed)
    {
        byte[] pixels = [.. Enumerable.Range(0, digits.Count).SelectMany(digits.Draw)];
        byte[] labels = [.. Enumerable.Range(0, digits.Count).Select(i => (byte)SyntheticDigits.DigitOf(i))];
        Write(folder, part, [digits.Count, SyntheticDigits.Shape.Height, SyntheticDigits.Shape.Width], pixels, labels);
        if (compressed)
        {
            Compress(Path.Combine(folder, $"{part}-images-idx3-ubyte"));
            Compress(Path.Combine(folder, $"{part}-labels-idx1-ubyte"));
        }
    }

    private static void Compress(string path)
    {
        using (GZipStream gzip = new(File.Create(path + ".gz"), CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        File.Delete(path);
    }

    private static byte[] Content(int[] dimensions, byte[] content)
    {
        byte[] file = new byte[4 + (4 * dimensions.Length) + content.Length];
        file[2] = UnsignedBytes;
        file[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        content.CopyTo(file, 4 + (4 * dimensions.Length));
        return file;
    }
}
