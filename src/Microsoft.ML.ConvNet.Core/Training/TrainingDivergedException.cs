namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// The loss or the weights are no longer finite: the message says where, and what would help. <see cref="TrainingOptions.Failed"/> is given the
/// best weights before.
/// </summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public TrainingDivergedException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
