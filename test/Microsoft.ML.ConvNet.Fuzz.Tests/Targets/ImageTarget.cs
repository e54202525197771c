extern alias tool;

using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.Data;
using SkiaSharp;
using tool::Microsoft.ML.ConvNet.Cli;
using tool::Microsoft.ML.ConvNet.Cli.Data;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>Image files as the tool reads them, in the formats that its decoder also writes, opaque and transparent.</summary>
internal sealed class ImageTarget : FuzzTarget
{
    private const int MostPixels = 1 << 20;
    private const int Quality = 80;
    private readonly byte[][] _files =
    [
        .. from format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp }
           from alpha in new byte[] { 255, 100 }
           select File(format, alpha),
        Bitmap(),
    ];

    /// <inheritdoc/>
    public override string Name => "image";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) => exception is CommandException;

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        string path = Path.GetTempFileName();
        try
        {
            System.IO.File.WriteAllBytes(path, Mutation.Change(_files[random.Next(_files.Length)], random));
            ImageDecoder decoder = new() { MostPixels = MostPixels, PutsOnWhite = random.Next(2) == 0 };
            (int height, int width) = decoder.SizeOf(path);
            using MLImage image = decoder.Decode(path);
            if ((image.Height, image.Width) != (height, width))
            {
                throw new InvalidOperationException($"The header says {height}x{width}, the image has {image.Height}x{image.Width}.");
            }
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static byte[] File(SKEncodedImageFormat format, byte alpha)
    {
        using SKBitmap bitmap = new(23, 17);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 11), (byte)(y * 15), (byte)(x * y), alpha));
            }
        }

        using SKImage image = SKImage.FromBitmap(bitmap);
        using SKData data = image.Encode(format, Quality);
        return data.ToArray();
    }

    /// <summary>A Windows bitmap of 24 bits a pixel, which the decoder does not write.</summary>
    private static byte[] Bitmap()
    {
        const int Width = 6;
        const int Height = 5;
        const int HeaderBytes = 54;
        const int RowBytes = ((3 * Width) + 3) / 4 * 4;
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("BM"u8);
        writer.Write(HeaderBytes + (RowBytes * Height));
        writer.Write(0);
        writer.Write(HeaderBytes);
        writer.Write(40);
        writer.Write(Width);
        writer.Write(Height);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write(new byte[24]);
        writer.Write([.. Enumerable.Range(0, RowBytes * Height).Select(i => (byte)(7 * i))]);
        return stream.ToArray();
    }
}
