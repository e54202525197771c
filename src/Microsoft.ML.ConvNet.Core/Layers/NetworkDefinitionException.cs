namespace Microsoft.ML.ConvNet.Layers;

/// <summary>A network cannot be built as it is defined: the message names the layer, what it received and what would do.</summary>
public sealed class NetworkDefinitionException : ArgumentException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public NetworkDefinitionException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public NetworkDefinitionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public NetworkDefinitionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
