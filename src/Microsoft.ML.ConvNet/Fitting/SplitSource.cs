namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>A source of rows that ML.NET divides among several cursors, since it gives none itself: what it throws, each of them throws.</summary>
internal static class SplitSource
{
    /// <summary>What the source threw; the exception itself where it is of a cursor's own source.</summary>
    public static Exception CauseOf(Exception failure) =>
        failure is InvalidOperationException { InnerException: { } cause } && failure.Message.StartsWith("Splitter/consolidator", StringComparison.Ordinal)
            ? cause
            : failure;
}
