using System.Diagnostics.CodeAnalysis;

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
}
