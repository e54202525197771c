using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training.Steps;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// Finds a learning rate for a training: makes steps with a rate that grows from very small to very large, and looks where the loss falls fastest
/// (Smith, "Cyclical learning rates for training neural networks", 2017, section 3.3). What is trained is a copy: weights stay as they are.
/// </summary>
public sealed record LearningRateFinder
{
    /// <summary>The learning rate of the first step, more than 0; 1e-7 where not given.</summary>
    public float Minimum { get; init; } = 1e-7f;

    /// <summary>The learning rate of the last step, more than <see cref="Minimum"/>; 10 where not given. Each step multiplies it by the same factor.</summary>
    public float Maximum { get; init; } = 10;

    /// <summary>The number of steps, from 10 to 100,000; 100 where not given.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>How much of the running mean of the losses is kept, from 0 to less than 1; 0.9 where not given.</summary>
    public float Smoothing { get; init; } = 0.9f;

    /// <summary>How many times the lowest mean loss ends it, more than 1; 4 where not given.</summary>
    public float StopFactor { get; init; } = 4;

    /// <summary>Makes the steps.</summary>
    /// <param name="network">The network.</param>
    /// <param name="training">The samples, taken anew where the steps need more of them.</param>
    /// <param name="options">
    /// How the network would be trained: its optimizer, loss, batch size and whatever else a step follows from. Learning rate, schedule, epochs, validation and
    /// callbacks do not count here.
    /// </param>
    /// <param name="initial">The weights to begin with, which stay as they are; random ones where not given.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or samples, loss and network do not fit together.</exception>
    /// <exception cref="InvalidDataException">A sample has pixels that are not finite, or a label out of range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled by the options' token.</exception>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public LearningRateCurve Run(Network network, ImageDataset training, TrainingOptions? options = null, Weights? initial = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(training);
        options ??= new TrainingOptions();
        Check();
        TrainingChecks.CheckOptions(OptionsOf(options, epochs: 1), network);
        TrainingChecks.CheckDataset(training, "training", network, options.Loss);
        int batches = new EpochBatches(training.Count, options.BatchSize, EpochBatches.NormalizesByBatch(network, options)).Count;
        int epochs = Rounding.DivideUp(Steps, Rounding.DivideUp(batches, options.AccumulatedBatches));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        Recorder recorder = new(this, end);
        try
        {
            NetworkTrainer.Train(
                network, training, OptionsOf(options, epochs) with { Callbacks = [recorder], CancellationToken = end.Token }, initial).Weights.Dispose();
        }
        catch (TrainingDivergedException)
        {
            // That is how far it went.
        }

        options.CancellationToken.ThrowIfCancellationRequested();
        return new LearningRateCurve(recorder.Points);
    }

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <exception cref="ArgumentException">One is; the message names it.</exception>
    public void Check()
    {
        const string Whose = "The learning-rate finder";
        Setting.RequireRange(Minimum is > 0 and < float.PositiveInfinity, $"{Whose}: the smallest rate", "more than 0", Minimum);
        Setting.RequireRange(
            Maximum > Minimum && float.IsFinite(Maximum), $"{Whose}: the greatest rate", Invariant($"more than the smallest, {Minimum}"), Maximum);
        Setting.RequireRange(Steps is >= 10 and <= 100_000, $"{Whose}: the number of steps", "from 10 to 100,000", Steps);
        Setting.RequireRange(Smoothing is >= 0 and < 1, $"{Whose}: the smoothing", "at least 0 and less than 1", Smoothing);
        Setting.RequireRange(StopFactor is > 1 and < float.PositiveInfinity, $"{Whose}: the factor that ends it", "more than 1", StopFactor);
    }

    private TrainingOptions OptionsOf(TrainingOptions options, int epochs) => options with
    {
        Epochs = epochs,
        LearningRate = Minimum,
        Schedule = new Rising(Maximum / (double)Minimum, Steps),
        ValidationSet = null,
        KeepBest = false,
        EarlyStoppingPatience = null,
        Callbacks = [],
        BatchCompleted = null,
        EpochCompleted = null,
        Failed = null,
    };

    /// <summary>The learning rate grows by the same factor from step to step.</summary>
    private sealed record Rising(double Ratio, int Steps) : LearningRateSchedule
    {
        protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => (float)Math.Pow(Ratio, (double)stepNumber / (Steps - 1));
    }

    /// <summary>Keeps the losses, and ends the training behind the last step, or where the loss has grown too much.</summary>
    private sealed class Recorder(LearningRateFinder finder, CancellationTokenSource end) : TrainingCallback
    {
        private readonly List<LearningRatePoint> _points = [];
        private double _mean;
        private double _lowest = double.PositiveInfinity;

        public IReadOnlyList<LearningRatePoint> Points => _points;

        public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
        {
            // The mean of the first steps is not drawn to the 0 that it began with.
            _mean = (finder.Smoothing * _mean) + ((1.0 - finder.Smoothing) * state.StepLoss);
            double smoothed = _mean / (1.0 - Math.Pow(finder.Smoothing, _points.Count + 1));
            _points.Add(new LearningRatePoint(state.LearningRate, state.StepLoss, smoothed));
            _lowest = Math.Min(_lowest, smoothed);
            if (_points.Count == finder.Steps || smoothed > finder.StopFactor * _lowest)
            {
                end.Cancel();
            }
        }
    }
}
