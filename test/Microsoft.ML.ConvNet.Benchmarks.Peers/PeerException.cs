namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>A peer cannot be used, or did not do what it was asked to.</summary>
public sealed class PeerException : Exception
{
    /// <summary>Nothing more is known.</summary>
    public PeerException()
    {
    }

    /// <summary>With what happened.</summary>
    public PeerException(string message)
        : base(message)
    {
    }

    /// <summary>With what happened, and what was the cause.</summary>
    public PeerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
