using System.Diagnostics;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>The loop of a training: epochs of batches, validation after each, and the best weights remembered.</summary>
internal sealed unsafe class TrainingRun : IDisposable
{
    private readonly Network _network;
    private readonly Weights _weights;
    private readonly ImageDataset _training;
    private readonly TrainingOptions _options;
    private readonly TrainingStep _trainingStep;
    private readonly TrainingSession _session;
    private readonly BatchReader _reader;
    private readonly BatchOrder _order;
    private readonly Evaluation? _validation;
    private readonly EpochBatches _batches;
    private readonly long _totalSteps;
    private readonly float _baseRate;
    private readonly List<EpochMetrics> _epochs = [];
    private InferenceModel? _model;
    private Weights? _best;
    private EpochMetrics? _bestMetrics;
    private RunningMetrics _metrics;
    private long _start;
    private long _epochStart;
    private long _step;
    private float _learningRate;

    /// <summary>Takes the memory for a training; the weights are changed by it.</summary>
    public TrainingRun(Network network, Weights weights, ImageDataset training, TrainingOptions options)
    {
        _network = network;
        _weights = weights;
        _training = training;
        _options = options;
        _batches = new EpochBatches(training.Count, options.BatchSize, EpochBatches.NormalizesByBatch(network, options));
        _trainingStep = new TrainingStep(network, weights, options, _batches.Largest);
        _session = _trainingStep.Session;
        _reader = new BatchReader(training, "training", _batches.Largest);
        _order = new BatchOrder(training.Count, options.Seed);
        _totalSteps = (long)_batches.Count * options.Epochs;
        _baseRate = options.LearningRate ?? options.Optimizer.LearningRate;
        if (options.ValidationSet is { } validation)
        {
            int batch = Math.Min(options.BatchSize, training.Count);
            _validation = new Evaluation(
                network, validation, "validation", options.Loss, batch, options.NumberOfThreads, isPartOfTraining: true, weights);
        }
    }

    /// <summary>Trains. The weights are handed over, with the result or, where it fails, as the options say.</summary>
    public TrainingResult Run()
    {
        _start = Stopwatch.GetTimestamp();
        try
        {
            return RunEpochs();
        }
        catch (Exception exception)
        {
            HandOver(exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainingStep.Dispose();
        _reader.Dispose();
        _validation?.Dispose();
        _model?.Dispose();
        _best?.Dispose();
    }

    private TrainingResult RunEpochs()
    {
        Warn();
        bool isCancelled = false;
        bool isStoppedEarly = false;
        while (_epochs.Count < _options.Epochs && !isStoppedEarly)
        {
            EpochMetrics? epoch = RunEpoch(_epochs.Count);
            isCancelled = epoch == null;
            if (epoch == null)
            {
                break;
            }

            _epochs.Add(epoch);
            Remember(epoch);
            _options.EpochCompleted?.Invoke(epoch);
            isStoppedEarly = _epochs.Count < _options.Epochs && epoch.Epoch - _bestMetrics!.Epoch >= _options.EarlyStoppingPatience;
        }

        return Result(isCancelled, isStoppedEarly);
    }

    private TrainingResult Result(bool isCancelled = false, bool isStoppedEarly = false)
    {
        if (_best != null)
        {
            _weights.CopyFrom(_best);
        }

        int weightsEpoch = _best != null ? _bestMetrics!.Epoch : _epochs.Count;
        return new TrainingResult(_weights, _epochs, weightsEpoch, isCancelled, isStoppedEarly, Stopwatch.GetElapsedTime(_start));
    }

    // Hours of work are not lost to whatever ended them.
    private void HandOver(Exception exception)
    {
        bool isSpoilt = _best == null && (exception is TrainingDivergedException || FirstNotFinite() != null);
        if (_options.Failed == null || isSpoilt)
        {
            _weights.Dispose();
            return;
        }

        try
        {
            _options.Failed(Result() with { Failure = exception });
        }
        catch (Exception another)
        {
            throw new AggregateException("The training failed, and so did what was to keep its weights.", exception, another);
        }
    }

    private void Warn()
    {
        if (_batches.Largest == 1 && EpochBatches.NormalizesByBatch(_network, _options))
        {
            _options.Warned?.Invoke(
                "Batch normalization takes the mean and variance of a batch, which say little of a single sample: a batch size of at least 2, "
                + "better 16 or more, would do, or group normalization.");
        }
    }

    // Null where it was cancelled.
    private EpochMetrics? RunEpoch(int epoch)
    {
        _epochStart = Stopwatch.GetTimestamp();
        _metrics = default;
        if (_options.Shuffle)
        {
            _order.Shuffle((uint)epoch);
        }
        else
        {
            _order.Sort();
        }

        for (int batch = 0; batch < _batches.Count; batch++)
        {
            if (_options.CancellationToken.IsCancellationRequested)
            {
                return null;
            }

            (int first, int length) = _batches[batch];
            if (!RunBatch(epoch, batch, _order.Indices.Slice(first, length)))
            {
                return null;
            }
        }

        CheckWeights(epoch);
        double seconds = Stopwatch.GetElapsedTime(_epochStart).TotalSeconds;
        EvaluationResult? validation = null;
        if (_validation != null)
        {
            validation = Validate();
            if (validation == null)
            {
                return null;
            }
        }

        return new EpochMetrics(
            epoch + 1,
            _metrics.Loss,
            AccuracySoFar(),
            validation?.Loss,
            validation?.Accuracy,
            _learningRate,
            Stopwatch.GetElapsedTime(_epochStart),
            _training.Count / seconds);
    }

    // False where it was cancelled.
    private bool RunBatch(int epoch, int batch, ReadOnlySpan<int> indices)
    {
        using (WorkerGang gang = _session.Lease())
        {
            _reader.Read(gang, indices, _session.Inputs, _session.TargetValues);
        }

        for (int i = 0; i < indices.Length; i++)
        {
            _session.SampleIds[i] = (uint)indices[i];
            if (_session.TargetClasses != null)
            {
                _session.TargetClasses[i] = _training.LabelOf(indices[i]);
            }
        }

        if (!_session.Step(indices.Length, (uint)epoch, clock: null, _options.CancellationToken))
        {
            return false;
        }

        Measure(epoch, batch, indices);
        _learningRate = _baseRate * _options.Schedule.FactorAt(epoch, _step, _totalSteps);
        _trainingStep.Update(_learningRate);
        _step++;
        if (_options.BatchCompleted != null)
        {
            Report(epoch, batch);
        }

        return true;
    }

    private void Measure(int epoch, int batch, ReadOnlySpan<int> indices)
    {
        int outputs = _network.OutputShape.ElementCount;
        for (int i = 0; i < indices.Length; i++)
        {
            float loss = _session.Losses[i];
            if (!float.IsFinite(loss))
            {
                throw Diverged("loss", epoch, FormattableString.Invariant($", batch {batch + 1} (received: {loss})"));
            }

            int label = _training.TargetLength > 0 ? -1 : _training.LabelOf(indices[i]);
            if (label >= 0 || _training.TargetLength > 0)
            {
                ReadOnlySpan<float> scores = new(_session.Outputs + ((nint)i * outputs), outputs);
                _metrics.Add(loss, label >= 0 && ArgMax.Of(scores) == label);
            }
        }
    }

    // The last steps of an epoch may have spoilt the weights without a loss that shows it.
    private void CheckWeights(int epoch)
    {
        if (FirstNotFinite() is { } name)
        {
            throw Diverged("parameter \"" + name + "\"", epoch, string.Empty);
        }
    }

    private string? FirstNotFinite() => _weights.Names.FirstOrDefault(name => FiniteNumbers.FirstOther(_weights[name].Span) >= 0);

    private TrainingDivergedException Diverged(string what, int epoch, string place) => new(FormattableString.Invariant(
        $"The {what} is not finite in epoch {epoch + 1}{place}; a smaller learning rate than {_baseRate}, inputs scaled to about -1 to 1, ")
        + $"or a limit to the gradient ({nameof(TrainingOptions.ClipGradientNorm)}) may help.");

    private EvaluationResult? Validate()
    {
        if (_model == null)
        {
            _model = new InferenceModel(_network, _weights, _options.NumberOfThreads, _options.PlanOptions);
        }
        else
        {
            _model.Reload(_weights);
        }

        return _validation!.Run(_model, _options.CancellationToken);
    }

    private void Remember(EpochMetrics epoch)
    {
        if (_bestMetrics != null && !epoch.IsBetterThan(_bestMetrics))
        {
            return;
        }

        _bestMetrics = epoch;
        if (_options.KeepBest)
        {
            _best ??= new Weights(_network);
            _best.CopyFrom(_weights);
        }
    }

    private double? AccuracySoFar() => _training.TargetLength > 0 ? null : _metrics.Accuracy;

    private void Report(int epoch, int batch)
    {
        (int first, int length) = _batches[batch];
        double left = Stopwatch.GetElapsedTime(_start).TotalSeconds / _step * (_totalSteps - _step);
        _options.BatchCompleted!(new TrainingProgress(
            epoch + 1,
            _options.Epochs,
            batch + 1,
            _batches.Count,
            _metrics.Loss,
            AccuracySoFar(),
            _learningRate,
            (first + length) / Stopwatch.GetElapsedTime(_epochStart).TotalSeconds,
            left < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(left) : TimeSpan.MaxValue));
    }
}
