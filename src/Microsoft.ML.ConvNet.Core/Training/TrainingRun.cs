using System.Diagnostics;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>One training from its set-up to its result: takes the memory, runs the loop, and hands over the weights however it ends.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly TrainingState _state;
    private readonly BatchSource _source;
    private readonly TrainingStep _step;
    private readonly Validation? _validation;
    private readonly TrainingCallback[] _callbacks;
    private readonly IDisposable? _folder;
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Takes the memory for a training.</summary>
    /// <param name="state">Where it begins; it is disposed of with this.</param>
    /// <param name="training">The samples.</param>
    /// <param name="options">How the network is trained.</param>
    /// <param name="folder">What keeps a folder of checkpoints for this training; null where there is none. It is disposed of with this.</param>
    public TrainingRun(TrainingState state, ImageDataset training, TrainingOptions options, IDisposable? folder = null)
    {
        _folder = folder;
        _options = options;
        _state = state;
        _callbacks = CallbackList.Of(options);
        _source = new BatchSource(training, options, EpochBatches.NormalizesByBatch(state.Network, options));
        try
        {
            ModelFormatException.Require(
                state.Batch <= _source.Count,
                FormattableString.Invariant($"A state is within its epoch of {_source.Count} batches. Received: batch {state.Batch}."));
            _step = options.AccumulatedBatches == 1
                ? new SingleStep(state, options, _source.Largest)
                : new AccumulatedStep(state, options, _source.Largest);
            _validation = options.ValidationSet is { } samples ? new Validation(state.Weights, samples, options, training.Count) : null;
        }
        catch
        {
            _step?.Dispose();
            _source.Dispose();
            throw;
        }
    }

    /// <summary>Trains. The weights are handed over, with the result or, where it fails, as the options say.</summary>
    public TrainingResult Run()
    {
        try
        {
            Warn();
            TrainingLoop loop = new(_state, _source, _step, _validation, _callbacks, _options.CancellationToken);
            bool isComplete = loop.Run();
            return Result(isCancelled: !isComplete);
        }
        catch (Exception exception)
        {
            Tell(exception);
            HandOver(exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _step.Dispose();
        _source.Dispose();
        _validation?.Dispose();
        ((IDisposable)_state).Dispose();
        _folder?.Dispose();
    }

    private TrainingResult Result(bool isCancelled = false)
    {
        int weightsEpoch = _state.BestEpoch?.Epoch ?? _state.Epoch;
        bool isStoppedEarly = _state.StopReason is not null && _state.Epoch < _state.Epochs;
        return new TrainingResult(
            _state.TakeWeights(), _state.History, weightsEpoch, isCancelled, isStoppedEarly, Stopwatch.GetElapsedTime(_start))
        {
            StopReason = _state.StopReason,
        };
    }

    private void Tell(Exception exception)
    {
        foreach (TrainingCallback callback in _callbacks)
        {
            try
            {
                callback.OnTrainingFailed(_state, exception);
            }
#pragma warning disable CA1031 // What ended the training is thrown on, and the others are to hear of it.
            catch
#pragma warning restore CA1031
            {
            }
        }
    }

    // Hours of work are not lost to whatever ended them.
    private void HandOver(Exception exception)
    {
        bool isSpoilt = _state.BestWeights == null
            && (exception is TrainingDivergedException || TerminateOnNaN.FirstNotFinite(_state.JudgedWeights) != null);
        if (_options.Failed == null || isSpoilt)
        {
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
        if (_source.Largest == 1 && EpochBatches.NormalizesByBatch(_state.Network, _options))
        {
            _options.Warned?.Invoke(
                "Batch normalization takes the mean and variance of a batch, which say little of a single sample: a batch size of at least 2, "
                + "better 16 or more, would do, or group normalization.");
        }
    }
}
