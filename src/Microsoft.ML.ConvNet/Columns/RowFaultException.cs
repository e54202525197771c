using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// A row of one of several cursors is not one that can be worked on. Which row of the data it is turns out when the rows of the other cursors before
/// it are counted; nobody beyond the reading of rows sees this.
/// </summary>
/// <param name="column">The name of the column that was read.</param>
/// <param name="message">What is wrong, in whole sentences, with the texts of the row.</param>
/// <param name="texts">The texts alone; empty where the row has none.</param>
/// <param name="cause">What led to it.</param>
/// <param name="isUnreadable">Whether the row has no image that can be read, rather than one that does not fit.</param>
#pragma warning disable CA1032 // It is made in one place, with all that it says.
internal sealed class RowFaultException(string column, string message, string texts, Exception? cause, bool isUnreadable)
    : Exception(message, cause)
#pragma warning restore CA1032
{
    /// <summary>The name of the column that was read.</summary>
    public string Column => column;

    /// <summary>The texts of the row; empty where it has none.</summary>
    public string Texts => texts;

    /// <summary>Whether the row has no image that can be read, rather than one that does not fit.</summary>
    public bool IsUnreadable => isUnreadable;
}

/// <summary>Who reads the rows of one of several cursors.</summary>
internal sealed class RowPartContext(IExceptionContext context) : IExceptionContext
{
    /// <inheritdoc/>
    public string ContextDescription => context.ContextDescription;

    /// <inheritdoc/>
    public TException Process<TException>(TException ex)
        where TException : Exception => context.Process(ex);
}
