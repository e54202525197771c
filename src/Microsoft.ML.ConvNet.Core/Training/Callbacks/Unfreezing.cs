using Microsoft.ML.ConvNet.Networks;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Trains first the last layers alone and then, epoch by epoch, more of the network (gradual unfreezing; Howard and Ruder, 2018): layers keep their
/// parameters until their epoch. An optimizer that counts steps, as Adam does, has counted those before: the first steps of a layer that is
/// thawed late are some three times as long as those of a training that begins, so that a smaller learning rate suits it.
/// </summary>
/// <param name="stages">Which layers are trained from which epoch on; layers that none names are trained from the first.</param>
public sealed class Unfreezing(params IReadOnlyList<UnfreezingStage> stages) : TrainingCallback
{
    internal override string? Effect =>
        $"{nameof(Unfreezing)}({string.Join(", ", stages.Select(stage => Invariant($"{stage.Layers} {stage.Epoch}")))})";

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Freeze(FrozenIn(state.Network, state.Epoch + 1));
    }

    internal override void Check(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.Require(stages.Count > 0, "Unfreezing has at least one stage. Received: none.");
        foreach (UnfreezingStage stage in stages)
        {
            Setting.Require(stage.Epoch >= 1, Invariant($"Unfreezing: an epoch is at least 1. Received: {stage.Epoch}."));
            LayerPattern.Require(network, stage.Layers, "Unfreezing");
        }

        foreach (int epoch in stages.Select(stage => stage.Epoch - 1).Prepend(0))
        {
            HashSet<string> frozen = new(FrozenIn(network, epoch + 1).Concat(options.FrozenLayers), StringComparer.Ordinal);
            TrainingChecks.RequireTrained(network, frozen.Contains, Invariant($" in epoch {epoch + 1}"));
        }
    }

    private IEnumerable<string> FrozenIn(Network network, int epoch) => network.Nodes
        .Select(node => node.Name)
        .Where(name => stages.Any(stage => epoch < stage.Epoch && LayerPattern.Matches(stage.Layers, name)));
}
