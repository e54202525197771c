namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>The callbacks of a training in the order in which they are told.</summary>
internal static class CallbackList
{
    /// <summary>
    /// Those that every training has and those that single options stand for; then the user's, in his order; those that record the state last,
    /// so that they record what the others decided.
    /// </summary>
    public static TrainingCallback[] Of(TrainingOptions options)
    {
        List<TrainingCallback> callbacks = [new TerminateOnNaN()];
        callbacks.AddRange(options.Callbacks.OfType<WeightAverage>());
        if (options.KeepBest && !options.Callbacks.OfType<KeepBest>().Any())
        {
            callbacks.Add(new KeepBest());
        }

        if (options.BatchCompleted is not null || options.EpochCompleted is not null)
        {
            callbacks.Add(new ProgressReport(options.BatchCompleted, options.EpochCompleted));
        }

        if (options.EarlyStoppingPatience is { } patience)
        {
            callbacks.Add(new EarlyStopping(patience));
        }

        callbacks.AddRange(options.Callbacks.Where(callback => callback is not (WeightAverage or CheckpointSaving)));
        callbacks.AddRange(options.Callbacks.OfType<CheckpointSaving>());
        return [.. callbacks];
    }

    /// <summary>Throws where a setting of a callback is out of its range, or does not fit the network.</summary>
    public static void Check(TrainingOptions options, Networks.Network network)
    {
        ArgumentNullException.ThrowIfNull(options.Callbacks);
        Setting.Require(options.Callbacks.All(callback => callback is not null), "Callbacks are objects. Received: null among them.");
        foreach (TrainingCallback callback in options.Callbacks)
        {
            callback.Check(options, network);
        }
    }
}
