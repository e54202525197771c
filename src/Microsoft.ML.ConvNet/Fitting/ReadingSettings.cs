namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>How the rows of a training are read.</summary>
/// <param name="NumberOfThreads">The most cursors to read by; 0 for one a core.</param>
/// <param name="SkipsUnreadable">Whether rows whose images cannot be read are left out; else the first is an error.</param>
/// <param name="CancellationToken">Ends the reading.</param>
internal readonly record struct ReadingSettings(int NumberOfThreads, bool SkipsUnreadable, CancellationToken CancellationToken)
{
    /// <summary>As the options of a training have it.</summary>
    public static ReadingSettings Of(ConvNetTrainingOptions options) => new(options.NumberOfThreads, options.SkipUnreadableImages, options.CancellationToken);
}
