using System.Diagnostics;
using Microsoft.ML.ConvNet.Benchmarks.Fit;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks.Cancelling;

/// <summary>A training that was cancelled.</summary>
/// <param name="Milliseconds">From the cancelling until Fit had returned or thrown.</param>
/// <param name="HasBegun">Whether a batch was learnt from before it returned.</param>
/// <param name="HasModel">Whether a model came back, with weights that are finite.</param>
internal sealed record CancelledFit(double Milliseconds, bool HasBegun, bool HasModel)
{
    // More than any benchmark waits for: it ends by being cancelled.
    private const int Endless = 1_000_000;

    /// <summary>Whether what came back is what is promised: a model, or, before the first batch, an exception that says so.</summary>
    public bool IsAsPromised => HasModel == HasBegun;

    /// <summary>Trains, and cancels it from another thread.</summary>
    /// <param name="context">ML.NET.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="architecture">What is trained.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="moment">After which time it is cancelled.</param>
    public static CancelledFit Run(MLContext context, IDataView rows, Architecture architecture, int threads, TimeSpan moment)
    {
        using CancellationTokenSource source = new();
        ConvNetMulticlassTrainer.Options options = new RecipeOptions(architecture, Endless, threads).ForTrainer();
        bool hasBegun = false;
        options.CancellationToken = source.Token;
        options.MetricsCallback = _ => hasBegun = true;
        ConvNetMulticlassTrainer trainer = context.MulticlassClassification.Trainers.ConvNet(options);

        long cancelled = 0;
        Thread other = new(() =>
        {
            Thread.Sleep(moment);
            Volatile.Write(ref cancelled, Stopwatch.GetTimestamp());
            source.Cancel();
        });
        other.Start();
        bool hasModel = false;
        long returned;
        try
        {
            using ConvNetTransformer model = trainer.Fit(rows);
            returned = Stopwatch.GetTimestamp();
            hasModel = model.Weights.Names.All(name => AreFinite(model.Weights[name].Span));
        }
        catch (OperationCanceledException)
        {
            returned = Stopwatch.GetTimestamp();
        }

        other.Join();
        return new CancelledFit(Stopwatch.GetElapsedTime(cancelled, returned).TotalMilliseconds, hasBegun, hasModel);
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
