using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Files;

/// <summary>
/// Files that are there to their end, as readers demand them that need a length or go back, or that would hold all in memory: who opened a pipe might
/// wait forever, or read without an end.
/// </summary>
public static class RegularFile
{
    /// <summary>The most bytes of a small text: 1 MB.</summary>
    public const long MostOfText = 1 << 20;

    /// <summary>What is wrong with a file, as a clause without a full stop, such as "which is a named pipe"; null where nothing is.</summary>
    /// <param name="path">The path of the file. It is not opened.</param>
    /// <param name="mostBytes">The most bytes that it may have.</param>
    public static string? FaultOf(string path, long mostBytes = long.MaxValue)
    {
        try
        {
            FileTarget target = FileTarget.Of(path);
            return target.Kind == FileKind.None ? "which does not exist"
                : target.Kind != FileKind.Regular ? $"which is {target.Description}"
                : target.Length > mostBytes ? Invariant($"which has {target.Length:N0}")
                : null;
        }
        catch (IOException exception)
        {
            return $"which cannot be reached: {exception.Message.TrimEnd('.')}";
        }
    }

    /// <summary>Whether a file begins with some bytes; what is no regular file is not opened, and does not.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="start">The bytes.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool BeginsWith(string path, ReadOnlySpan<byte> start)
    {
        if (FaultOf(path) is not null)
        {
            return false;
        }

        using FileStream file = File.OpenRead(path);
        byte[] read = new byte[start.Length];
        return file.ReadAtLeast(read, read.Length, throwOnEndOfStream: false) == read.Length && start.SequenceEqual(read);
    }

    /// <summary>The lines of a small text, of at most <see cref="MostOfText"/> bytes.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="kind">What such a file is called in messages, such as "A mapping of labels".</param>
    /// <exception cref="InvalidDataException">The file is no regular one, or has more.</exception>
    public static IEnumerable<string> ReadLines(string path, string kind) => FaultOf(path, MostOfText) is { } fault
        ? throw new InvalidDataException(Invariant($"{kind} is a text file of at most {MostOfText:N0} bytes. Received: \"{path}\", {fault}."))
        : File.ReadLines(path);
}
