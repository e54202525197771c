using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Checkpoints;
using Microsoft.ML.ConvNet.Training.Losses;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>Trains and evaluates networks.</summary>
public static class NetworkTrainer
{
    /// <summary>
    /// Trains a network. The weights that result are a function of the network, the samples, the options but the number of threads, and
    /// the processor's vector width. Where it ends by an exception, what it has learnt until then can be had by
    /// <see cref="TrainingOptions.Failed"/>.
    /// </summary>
    /// <param name="network">The network; its output is a vector <c>[F]</c>.</param>
    /// <param name="training">The samples to train with, of the network's input shape.</param>
    /// <param name="options">How it is trained; the defaults where not given.</param>
    /// <param name="initial">The weights to begin with, which stay as they are; random ones where not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or samples, loss and network do not fit together.</exception>
    /// <exception cref="InvalidDataException">A sample has pixels that are not finite, or a label out of range.</exception>
    /// <exception cref="ModelFormatException">The checkpoints that it is to go on from are damaged.</exception>
    /// <exception cref="IOException">Checkpoints cannot be written.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the weights became infinite or not a number.</exception>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public static TrainingResult Train(
        Network network, ImageDataset training, TrainingOptions? options = null, Weights? initial = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(training);
        options ??= new TrainingOptions();
        TrainingChecks.CheckOptions(options, network);
        TrainingChecks.CheckDataset(training, "training", network, options.Loss);
        HeadSettings.CheckDataset(options, network, training);
        if (options.ValidationSet is { } validation)
        {
            TrainingChecks.CheckDataset(validation, "validation", network, options.Loss);
        }

        using TrainingRun run = Begin(network, training, options, initial);
        return run.Run();
    }

    /// <summary>Scores samples with a network and compares the scores with the targets.</summary>
    /// <param name="network">The network; its output is a vector <c>[F]</c>.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="dataset">The samples, of the network's input shape.</param>
    /// <param name="loss">What is measured; where not given the cross-entropy for classes, the squared error for target values.</param>
    /// <param name="batchSize">The number of samples that are scored at a time.</param>
    /// <param name="numberOfThreads">The most threads to use; 0 for one a core.</param>
    /// <param name="planOptions">What the planner may do.</param>
    /// <param name="cancellationToken">Ends the evaluation with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">Samples, loss and network do not fit together.</exception>
    /// <exception cref="InvalidDataException">
    /// A sample has pixels that are not finite, or a label out of range, or its scores are not numbers.
    /// </exception>
    public static EvaluationResult Evaluate(
        Network network,
        Weights weights,
        ImageDataset dataset,
        Loss? loss = null,
        int batchSize = 128,
        int numberOfThreads = 0,
        PlanOptions? planOptions = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(dataset);
        if (batchSize < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(batchSize), Invariant($"The batch size is at least 1. Received: {batchSize}."));
        }

        loss ??= dataset.TargetLength > 0 ? new SquaredError() : new SoftmaxCrossEntropy();
        loss.Check(network.OutputShape.ElementCount);
        TrainingChecks.CheckDataset(dataset, "evaluation", network, loss);
        using InferenceModel model = new(network, weights, numberOfThreads, planOptions);
        using Evaluation evaluation = new(network, dataset, "evaluation", loss, batchSize, numberOfThreads, weights: weights);
        return evaluation.Run(model, cancellationToken) ?? throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>
    /// Measures where time and memory go in a training step: each step of forward pass, backward pass and update with its kernel, memory
    /// and median time. The samples are random and in memory; what reads samples is not measured.
    /// </summary>
    /// <param name="network">The network; its output is a vector <c>[F]</c>.</param>
    /// <param name="options">Batch size, optimizer, loss, frozen layers and threads; the defaults where not given.</param>
    /// <param name="initial">The weights to begin with, which stay as they are; random ones where not given.</param>
    /// <param name="runs">How often the step is measured; 0 for as many times as some seconds have room for.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or loss and network do not fit together.</exception>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public static PlanProfile Profile(Network network, TrainingOptions? options = null, Weights? initial = null, int runs = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new TrainingOptions();
        PlanClock.RequireRuns(runs);
        TrainingChecks.CheckOptions(options, network);
        TrainingChecks.CheckOutputs(network);
        using TrainingState state = NewState(network, options, initial);
        using TrainingStepProfiler profiler = new(state, options);
        return profiler.Run(runs);
    }

    private static TrainingRun Begin(Network network, ImageDataset training, TrainingOptions options, Weights? initial)
    {
        CheckpointSaving? saving = options.Callbacks.OfType<CheckpointSaving>().FirstOrDefault();
        IDisposable? folder = saving?.Lock();
        TrainingState? state = null;
        try
        {
            state = saving?.Begin(network, options, TrainingFingerprint.Of(network, training, options, initial)) ?? NewState(network, options, initial);
            return new TrainingRun(state, training, options, folder);
        }
        catch
        {
            ((IDisposable?)state)?.Dispose();
            folder?.Dispose();
            throw;
        }
    }

    private static TrainingState NewState(Network network, TrainingOptions options, Weights? initial)
    {
        Weights weights = InitialWeights(network, initial, options.Seed);
        try
        {
            return new TrainingState(weights, options);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static Weights InitialWeights(Network network, Weights? initial, ulong seed)
    {
        if (initial == null)
        {
            return Weights.Initialize(network, seed);
        }

        Weights weights = new(network);
        try
        {
            weights.CopyFrom(initial);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }
}
