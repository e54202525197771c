using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>Who asks, of one of several sets of rows: errors say which.</summary>
internal sealed class DataSetContext(IExceptionContext context, string name) : IExceptionContext
{
    /// <summary>What the rows are for: training, validation.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public string ContextDescription => context.ContextDescription;

    /// <inheritdoc/>
    public TException Process<TException>(TException ex)
        where TException : Exception => context.Process(ex);
}
