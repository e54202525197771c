using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>A network that is given with its weights instead of a file, as one read from ONNX is.</summary>
internal static class GivenNetwork
{
    /// <summary>What scoring needs of the options.</summary>
    /// <exception cref="ArgumentException">The network, its weights, the names and the numbers do not fit together.</exception>
    public static ConvNetModelParameters Parameters(ConvNetScoringEstimator.Options options)
    {
        Network network = options.Network!;
        Weights weights = options.Weights!;
        if (!ReferenceEquals(weights.Network, network) && weights.Network != network)
        {
            throw new ArgumentException(
                $"{nameof(options.Weights)} are those of {nameof(options.Network)}, {network}. "
                + $"Received: weights of {weights.Network}.", nameof(options));
        }

        int classes = network.OutputShape.ElementCount;
        if (network.OutputShape.Rank != 1 || classes is < 2 or > ClassLabels.MaximumCount)
        {
            throw new ArgumentException(
                $"{nameof(options.Network)} gives a vector of 2 to {ClassLabels.MaximumCount:N0} numbers, one a class. "
                + $"Received: {network}.", nameof(options));
        }

        if (!Enum.IsDefined(options.ChannelOrder))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{nameof(options.ChannelOrder)} is one of {string.Join(", ", Enum.GetNames<ChannelOrder>())}. "
                + $"Received: {options.ChannelOrder}.");
        }

        int count = Math.Max(options.PixelOffsets?.Count ?? 1, options.PixelScales?.Count ?? 1);
        float[] offsets = Numbers(options.PixelOffsets, 0, count, network, nameof(options.PixelOffsets));
        float[] scales = Numbers(options.PixelScales, 1, count, network, nameof(options.PixelScales));
        return new ConvNetModelParameters(network, weights, offsets, scales, options.ImageLayout, Labels(options.ClassNames, classes))
        {
            ChannelOrder = options.ChannelOrder,
        };
    }

    private static ClassLabels Labels(IReadOnlyList<string>? names, int classes)
    {
        KeyDataViewType keys = new(typeof(uint), classes);
        if (names is null)
        {
            return new ClassLabels(keys, null, null);
        }

        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (names.Count != classes || twice is not null)
        {
            throw new ArgumentException(
                $"{nameof(ConvNetScoringEstimator.Options.ClassNames)} are {classes} different names, one an output. "
                + $"Received: {names.Count}{(twice is null ? string.Empty : $", \"{twice}\" more than once")}.");
        }

        return new ClassLabels(keys, LabelValueType.Find(TextDataViewType.Instance), [.. names]);
    }

    private static float[] Numbers(IReadOnlyList<float>? given, float otherwise, int count, Network network, string name)
    {
        int channels = network.InputShape.Channels;
        bool fits = given is null || ((given.Count == 1 || given.Count == channels) && given.All(float.IsFinite));
        return !fits
            ? throw new ArgumentException(
                $"{name} has one finite number, or one for each of {channels} channels. Received: {string.Join(", ", given!)}.")
            : given is { Count: > 1 } ? [.. given] : [.. Enumerable.Repeat(given?[0] ?? otherwise, count)];
    }
}
