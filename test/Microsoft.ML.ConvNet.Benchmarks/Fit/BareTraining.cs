using System.Diagnostics;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>
/// The core's training without what gives it its batches. What brings the samples into the order of an epoch is not timed; what plans the network and
/// takes its memory is, since no training is without it.
/// </summary>
internal static class BareTraining
{
    /// <summary>Trains.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">The samples, normalised.</param>
    /// <param name="options">How it is trained, the order of the samples among it.</param>
    public static FittedTime Run(Network network, ImageDataset samples, TrainingOptions options)
    {
        EpochBatches batches = new(samples.Count, options.BatchSize, EpochBatches.NormalizesByBatch(network, options));
        OrderedSamples ordered = new(samples, options.Seed);

        // It says how many batches there are; none is taken of it.
        using BatchSource source = new(samples, options with { PrefetchedBatches = 0 }, EpochBatches.NormalizesByBatch(network, options));
        Stopwatch watch = Stopwatch.StartNew();
        using Weights weights = Weights.Initialize(network, options.Seed);
        TrainingState state = new(weights, options);
        using BareStep step = new(state, options, batches, ordered);
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            watch.Stop();
            ordered.TurnTo(epoch);
            watch.Start();
            while (state.Batch < batches.Count)
            {
                _ = step.Run(source, CancellationToken.None);
            }

            state.Complete(new EpochMetrics(
                epoch + 1, state.Metrics.Loss, null, null, null, state.LearningRate, TimeSpan.Zero, ImagesPerSecond: 0));
        }

        watch.Stop();
        FittedTime result = new(watch.Elapsed.TotalSeconds, state.History[^1].Loss, weights.ComputeHash());
        state.OptimizerState.Dispose();
        return result;
    }
}
