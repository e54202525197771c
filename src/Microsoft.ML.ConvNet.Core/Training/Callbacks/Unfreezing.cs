using Microsoft.ML.ConvNet.Networks;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Trains first the last layers alone and then, epoch by epoch, more of the network (gradual unfreezing; Howard and Ruder, 2018): layers keep their
/// parameters until their epoch.
/// </summary>
/// <param name="stages">Which layers are trained from which epoch on; layers that none names are trained from the first.</param>
public sealed class Unfreezing(params IReadOnlyList<UnfreezingStage> stages) : TrainingCallback
{
    private IReadOnlySet<string>? _set;

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        HashSet<string> mine = new(_set ?? new HashSet<string>(), StringComparer.Ordinal);
        HashSet<string> frozen = new(state.FrozenLayers, StringComparer.Ordinal);
        frozen.ExceptWith(mine);
        HashSet<string> now = new(FrozenIn(state.Network, state.Epoch + 1), StringComparer.Ordinal);
        frozen.UnionWith(now);
        _set = now;
        state.FrozenLayers = frozen;
    }

    internal override void Check(TrainingOptions options, Network network)
    {
        Setting.Require(stages.Count > 0, "Unfreezing has at least one stage. Received: none.");
        foreach (UnfreezingStage stage in stages)
        {
            Setting.Require(stage.Epoch >= 1, Invariant($"Unfreezing: an epoch is at least 1. Received: {stage.Epoch}."));
            LayerPattern.Require(network, stage.Layers, "Unfreezing");
        }

        HashSet<string> always = LayerSettings.Frozen(options, network);
        foreach (int epoch in stages.Select(stage => stage.Epoch - 1).Prepend(0))
        {
            HashSet<string> frozen = new(FrozenIn(network, epoch + 1).Concat(always), StringComparer.Ordinal);
            TrainingChecks.RequireTrained(network, frozen.Contains, Invariant($" in epoch {epoch + 1}"));
        }
    }

    private IEnumerable<string> FrozenIn(Network network, int epoch) => network.Nodes
        .Select(node => node.Name)
        .Where(name => stages.Any(stage => epoch < stage.Epoch && LayerPattern.Matches(stage.Layers, name)));
}
