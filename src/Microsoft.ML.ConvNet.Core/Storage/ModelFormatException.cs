using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.ConvNet.Files;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// A file does not hold what it should: the message names the part of the file, what was received and, where it helps, what would do,
/// in one line.
/// </summary>
public sealed class ModelFormatException : FormatException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public ModelFormatException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Throws where what a file holds is not as it should be.</summary>
    /// <param name="condition">Whether it is.</param>
    /// <param name="message">What it should be, and what was received.</param>
    /// <exception cref="ModelFormatException">It is not.</exception>
    public static void Require([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
        {
            throw new ModelFormatException(message);
        }
    }

    /// <summary>Throws where something else than a regular file is there: who opened a pipe might wait forever.</summary>
    /// <param name="path">The path; nothing there is as well.</param>
    /// <param name="kind">What the file is called in messages, such as "A model file".</param>
    /// <exception cref="ModelFormatException">It is no regular file.</exception>
    public static void RequireRegularFile(string path, string kind)
    {
        if (File.Exists(path) && RegularFile.FaultOf(path) is { } fault)
        {
            throw new ModelFormatException($"{kind} is a regular file. Received: \"{path}\", {fault}.");
        }
    }
}
