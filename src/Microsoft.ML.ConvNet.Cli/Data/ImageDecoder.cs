using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// Reads image files with the decoder of ML.NET's images, and the same pixels as its <c>LoadImages</c>; but what the header says is looked
/// at before memory is taken for the pixels, and a file of which only a part can be read is an error.
/// </summary>
internal sealed record ImageDecoder
{
    /// <summary>The most pixels of an image if nothing else is said: as the cameras with the most have (800 MB in memory).</summary>
    public const int UsualMostPixels = 200_000_000;

    /// <summary>The most that <see cref="MostPixels"/> may be: ML.NET's images have at most 2 GB.</summary>
    public const int LargestMostPixels = 500_000_000;

    private const int BytesPerPixel = 4;

    /// <summary>The most pixels that an image may have.</summary>
    public int MostPixels { get; init; } = UsualMostPixels;

    /// <summary>How many files may be read at the same time.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether transparent images are put on white; else they have an alpha, with colours multiplied by it.</summary>
    public bool PutsOnWhite { get; init; }

    /// <summary>The size of an image, by its header.</summary>
    /// <exception cref="CommandException">The file cannot be read as an image.</exception>
    public (int Height, int Width) SizeOf(string path)
    {
        using SKCodec codec = Open(path);
        return (codec.Info.Height, codec.Info.Width);
    }

    /// <summary>An image.</summary>
    /// <exception cref="CommandException">The file cannot be read as an image, or not whole.</exception>
    public MLImage Decode(string path)
    {
        using SKCodec codec = Open(path);
        return Decode(codec, path);
    }

    /// <summary>Opens an image, of which only the header is read.</summary>
    /// <exception cref="CommandException">The file is no image, or one of too many pixels.</exception>
    public SKCodec Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(
                Directory.Exists(path)
                    ? $"An image is a file. Received: the folder \"{TerminalText.Of(path)}\"."
                    : $"There is no image file \"{TerminalText.Of(path)}\".");
        }

        SKCodec codec = OpenAny(path);
        long pixels = (long)codec.Info.Width * codec.Info.Height;
        if (pixels <= MostPixels)
        {
            return codec;
        }

        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        codec.Dispose();
        throw Unreadable(
            path,
            $"by its header it has {width}x{height} pixels, {ProgressText.Number(pixels)}, and at most "
            + $"{ProgressText.Number(MostPixels)} are read; --max-pixels sets how many, up to {ProgressText.Number(LargestMostPixels)}.");
    }

    /// <summary>Reads the pixels of an image that was opened.</summary>
    /// <exception cref="CommandException">They cannot be read, or not all.</exception>
    public MLImage Decode(SKCodec codec, string path)
    {
        // As SKBitmap.Decode has it, by which ML.NET reads images: colours multiplied by alpha, and not converted to another colour space.
        SKImageInfo info = codec.Info;
        info.ColorSpace = null;
        info.AlphaType = info.AlphaType == SKAlphaType.Unpremul ? SKAlphaType.Premul : info.AlphaType;
        using SKBitmap decoded = new(info);
        SKCodecResult result = codec.GetPixels(info, decoded.GetPixels());
        if (result != SKCodecResult.Success)
        {
            throw Unreadable(
                path, result == SKCodecResult.IncompleteInput ? "it ends before its image does." : "it is damaged, or no image at all.");
        }

        using SKBitmap? converted = info.ColorType is SKColorType.Bgra8888 or SKColorType.Rgba8888
            ? null
            : decoded.Copy(SKColorType.Bgra8888) ?? throw Unreadable(path, $"its pixels are of a kind that is not read, {info.ColorType}.");
        SKBitmap bitmap = converted ?? decoded;
        MLPixelFormat format = bitmap.ColorType == SKColorType.Rgba8888 ? MLPixelFormat.Rgba32 : MLPixelFormat.Bgra32;
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        return MLImage.CreateFromPixels(
            info.Width, info.Height, format, PutsOnWhite && info.AlphaType != SKAlphaType.Opaque ? OnWhite(pixels) : pixels);
    }

    // From memory, since files with any name, and what the shell gives as /dev/fd/63, are read in the same way.
    private static SKCodec OpenAny(string path)
    {
        if (FileTarget.Of(path) is not ({ Kind: FileKind.Open } or { Kind: FileKind.Regular, Length: > 0 }))
        {
            throw Unreadable(path, "it is empty, or no regular file.");
        }

        try
        {
            // What the codec reads of it stays until the codec is disposed of.
            using SKData content = FileContent.Read(path);
            return SKCodec.Create(content) ?? throw Unreadable(path, "it is damaged, or of a format that is not read.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, ErrorLine.Of(error), error);
        }
    }

    /// <summary>Puts pixels whose colours are multiplied by their alpha on white ground.</summary>
    private static byte[] OnWhite(ReadOnlySpan<byte> bitmap)
    {
        byte[] pixels = bitmap.ToArray();
        for (int i = 0; i < pixels.Length; i += BytesPerPixel)
        {
            Span<byte> pixel = pixels.AsSpan(i, BytesPerPixel);
            int ground = byte.MaxValue - pixel[BytesPerPixel - 1];
            foreach (ref byte channel in pixel)
            {
                channel = (byte)Math.Min(byte.MaxValue, channel + ground);
            }
        }

        return pixels;
    }

    private static CommandException Unreadable(string path, string why, Exception? cause = null)
    {
        string message = $"The file \"{TerminalText.Of(path)}\" cannot be read as an image: {why}";
        return cause == null ? new CommandException(message) : new CommandException(message, cause);
    }
}
