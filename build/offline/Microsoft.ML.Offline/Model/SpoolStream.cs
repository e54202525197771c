#nullable disable
namespace Microsoft.ML;

/// <summary>A seekable place for one entry of a model file: memory while it is small, else a temporary file.</summary>
internal static class SpoolStream
{
    private const int LargestInMemory = 1 << 24;

    /// <summary>A new empty stream, whose size is not yet known.</summary>
    public static Stream Create(string directory) => OpenTemporaryFile(directory);

    /// <summary>A stream with the content of <paramref name="source"/>, at its beginning.</summary>
    public static Stream Copy(Stream source, long length, string directory)
    {
        Stream target = length <= LargestInMemory ? new MemoryStream((int)length) : OpenTemporaryFile(directory);
        source.CopyTo(target);
        target.Position = 0;
        return target;
    }

    private static FileStream OpenTemporaryFile(string directory)
    {
        string path = Path.Combine(directory ?? Path.GetTempPath(), $"ml_dotnet_{Guid.NewGuid():N}");
        return new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
    }
}
