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

    /// <summary>
    /// Groups by which deeper layers learn more slowly, for a trained network under a new head (discriminative rates; Howard and Ruder, "Universal
    /// language model fine-tuning for text classification", 2018). The layers that have parameters, in the order of the network, are divided into
    /// parts of as many layers each, up to one; the last part learns at the full rate, and each before it at a factor times that of the part behind it.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="parts">The number of parts, at least 1; no more than there are layers with parameters are made.</param>
    /// <param name="factor">
    /// What the rate of a part is multiplied by to give that of the part before it, more than 0; 1 / 2.6, the paper's, where not given.
    /// </param>
    /// <returns>A group for each layer that learns at less than the full rate.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static IReadOnlyList<ParameterGroup> ByDepth(Networks.Network network, int parts, float factor = 1 / 2.6f)
    {
        ArgumentNullException.ThrowIfNull(network);
        Setting.RequireRange(parts >= 1, "The number of parts of a network", "at least 1", parts);
        Setting.RequireRange(factor is > 0 and < float.PositiveInfinity, "The factor from part to part", "more than 0", factor);
        int[] layers = [.. network.Parameters.Where(parameter => parameter.Definition.IsTrainable).Select(parameter => parameter.Node).Distinct()];
        List<ParameterGroup> groups = [];
        int divided = Math.Min(parts, layers.Length);
        for (int i = 0; i < layers.Length; i++)
        {
            int behind = divided - 1 - (int)((long)i * divided / layers.Length);
            if (behind > 0)
            {
                groups.Add(new ParameterGroup(network.Nodes[layers[i]].Name) { LearningRateFactor = MathF.Pow(factor, behind) });
            }
        }

        return groups;
    }

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
