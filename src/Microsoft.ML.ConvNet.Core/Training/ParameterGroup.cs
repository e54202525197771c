namespace Microsoft.ML.ConvNet.Training;

/// <summary>Layers whose parameters are trained in a way of their own, such as those of a trained network under a new head.</summary>
/// <param name="Layers">Their name, or a pattern of it: <c>*</c> stands for any characters, <c>?</c> for one.</param>
public sealed record ParameterGroup(string Layers)
{
    /// <summary>What the learning rate of each step is multiplied by, more than 0; 1 where not given.</summary>
    public float LearningRateFactor { get; init; } = 1;

    /// <summary>
    /// The weight decay in place of the optimizer's, at least 0; the optimizer's where not given. It does not apply to biases, scales and shifts
    /// either.
    /// </summary>
    public float? WeightDecay { get; init; }

    /// <summary>Whether they keep their values, as those of <see cref="TrainingOptions.FrozenLayers"/> do; false where not given.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Throws where a setting is out of its range, or no layer of the network is one of them.</summary>
    internal void Check(Networks.Network network)
    {
        LayerPattern.Require(network, Layers, "A group of parameters");
        string whose = $"The group of parameters \"{Layers}\"";
        Setting.RequireRange(
            LearningRateFactor is > 0 and < float.PositiveInfinity, $"{whose}: the factor of the learning rate", "more than 0", LearningRateFactor);
        Setting.RequireRange(
            WeightDecay is null or (>= 0 and < float.PositiveInfinity), $"{whose}: the weight decay", "at least 0", WeightDecay);
    }
}
