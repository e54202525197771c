namespace Microsoft.ML.ConvNet.Cli;

/// <summary>Input that a command cannot work with; the message says what was received and what would do.</summary>
internal sealed class CommandException : Exception
{
    public CommandException(string message)
        : base(message)
    {
    }

    public CommandException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
