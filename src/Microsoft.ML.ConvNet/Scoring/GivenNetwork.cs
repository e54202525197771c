using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
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
        weights.RequireFit(network, nameof(options));
        int classes = network.OutputShape.ElementCount;
        if (network.OutputShape.Rank != 1 || classes is < 2 or > ClassLabels.MaximumCount)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"{nameof(options.Network)} gives a vector of 2 to {ClassLabels.MaximumCount:N0} numbers, one a class. ")
                + $"Received: {network}.", nameof(options));
        }

        RequireDefined(options.ChannelOrder, nameof(options.ChannelOrder));
        RequireDefined(options.ImageBackground, nameof(options.ImageBackground));
        PixelNormalization normalization = GivenNormalization.Of(options.PixelOffsets, options.PixelScales, network.InputShape);
        return new ConvNetModelParameters(network, weights, normalization, options.ImageLayout, Labels(options.ClassNames, classes))
        {
            ChannelOrder = options.ChannelOrder,
            ImageBackground = options.ImageBackground,
        };
    }

    /// <summary>Throws where a value is none of its type's names.</summary>
    public static void RequireDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(
                nameof(value), $"{name} is one of {string.Join(", ", Enum.GetNames<T>())}. Received: {value}.");
        }
    }

    private static ClassLabels Labels(IReadOnlyList<string>? names, int classes)
    {
        KeyDataViewType keys = new(typeof(uint), classes);
        if (names is null)
        {
            return ClassLabels.Numbered(keys);
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
}
