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
}
