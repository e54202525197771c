namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>The callbacks of a training in the order in which they are told.</summary>
internal static class CallbackList
{
    /// <summary>
    /// First those that change results, of every training, of single options, and of the list in its order; then those that look on, and the user's own,
    /// so that one of them that throws comes behind what is to be kept; those that record the state last, so that they record what the others decided.
    /// </summary>
    public static TrainingCallback[] Of(TrainingOptions options)
    {
        List<TrainingCallback> callbacks = [new TerminateOnNaN()];
        callbacks.AddRange(options.Callbacks.OfType<WeightAverage>());
        if (options.KeepBest && !options.Callbacks.OfType<KeepBest>().Any())
        {
            // What a training is stopped by is also what its best epoch is found by.
            callbacks.Add(new KeepBest(options.Callbacks.OfType<EarlyStopping>().ToArray() is [var only] ? only.Metric : TrainingMetric.Best));
        }

        callbacks.AddRange(options.Callbacks.Where(callback => callback is not WeightAverage && callback.Effect is not null));
        if (options.EarlyStoppingPatience is { } patience)
        {
            callbacks.Add(new EarlyStopping(patience));
        }

        if (options.BatchCompleted is not null || options.EpochCompleted is not null)
        {
            callbacks.Add(new ProgressReport(options.BatchCompleted, options.EpochCompleted));
        }

        callbacks.AddRange(options.Callbacks.Where(callback => callback is not CheckpointSaving && callback.Effect is null));
        callbacks.AddRange(options.Callbacks.OfType<CheckpointSaving>());
        return [.. callbacks];
    }

    /// <summary>Throws where a setting of a callback is out of its range, or does not fit the network.</summary>
    public static void Check(TrainingOptions options, Networks.Network network, bool isValidated)
    {
        ArgumentNullException.ThrowIfNull(options.Callbacks);
        Setting.Require(options.Callbacks.All(callback => callback is not null), "Callbacks are objects. Received: null among them.");
        foreach (TrainingCallback callback in options.Callbacks)
        {
            bool isAlone = callback is not (KeepBest or WeightAverage or ReduceOnPlateau or CheckpointSaving)
                || options.Callbacks.Count(other => other.GetType() == callback.GetType()) == 1;
            Setting.Require(isAlone, $"A training has one {callback.GetType().Name}. Received: several.");
            callback.Check(options, network, isValidated);
        }
    }
}
