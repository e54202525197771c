using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Writes event files for TensorBoard: losses, accuracies and learning rate of each epoch into <c>train</c> and <c>validation</c> of a folder,
/// as Keras names them (<c>epoch_loss</c>, <c>epoch_accuracy</c>, <c>epoch_learning_rate</c>), and the loss of steps as <c>batch_loss</c>.
/// <c>tensorboard --logdir FOLDER</c> shows them.
/// </summary>
/// <param name="folder">The folder; it is made where it is not there. A training that is resumed begins new files in it.</param>
public sealed class TensorBoardLog(string folder) : TrainingCallback
{
    private TensorBoardEvents? _training;
    private TensorBoardEvents? _validation;

    /// <summary>After how many steps the loss of a step is written; 0, for never, where not given.</summary>
    public long EverySteps { get; init; }

    /// <inheritdoc/>
    public override void OnTrainingBegin(TrainingState state)
    {
        Close();
        _training = TensorBoardEvents.Create(Path.Combine(folder, "train"));
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state, in TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (EverySteps > 0 && state.Step % EverySteps == 0)
        {
            _training!.Write(state.Step, ("batch_loss", (float)state.StepLoss));
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        _training!.Write(
            epoch.Epoch,
            ("epoch_loss", (float)epoch.Loss),
            ("epoch_accuracy", (float?)epoch.Accuracy),
            ("epoch_learning_rate", epoch.LearningRate));
        if (epoch.ValidationLoss is { } loss)
        {
            _validation ??= TensorBoardEvents.Create(Path.Combine(folder, "validation"));
            _validation.Write(epoch.Epoch, ("epoch_loss", (float)loss), ("epoch_accuracy", (float?)epoch.ValidationAccuracy));
        }
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingState state) => Close();

    /// <inheritdoc/>
    public override void OnTrainingFailed(TrainingState state, Exception exception) => Close();

    internal override void Check(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.Require(!string.IsNullOrEmpty(folder), "A log of TensorBoard has a folder. Received: none.");
        Setting.RequireRange(EverySteps >= 0, "A log of TensorBoard: the number of steps between two losses", "at least 0", EverySteps);
        _ = Directory.CreateDirectory(folder);
    }

    private void Close()
    {
        _training?.Dispose();
        _validation?.Dispose();
        _training = _validation = null;
    }
}
