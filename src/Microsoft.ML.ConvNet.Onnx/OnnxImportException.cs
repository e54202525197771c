namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// A model cannot become a network: an operator is not supported, or used in a way that is not, or an input has no value. The message names
/// the operator, its node, what was received and, where there is something, what would do.
/// </summary>
public sealed class OnnxImportException : NotSupportedException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public OnnxImportException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public OnnxImportException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public OnnxImportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
