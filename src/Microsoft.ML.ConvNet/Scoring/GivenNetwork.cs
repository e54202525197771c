using System.Globalization;
using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
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
        RequireDefined(options.Task, nameof(options.Task));
        RequireDefined(options.ChannelOrder, nameof(options.ChannelOrder));
        RequireDefined(options.ImageBackground, nameof(options.ImageBackground));
        RequireOutputs(network, options.Task);
        Network ended = End(network, weights, options.Task);
        PixelNormalization normalization = GivenNormalization.Of(options.PixelOffsets, options.PixelScales, network.InputShape);
        return new ConvNetModelParameters(
            ended, ReferenceEquals(ended, network) ? weights : weights.CopyFor(ended), normalization, options.ImageLayout, TaskOf(options, network.OutputShape.ElementCount))
        {
            ChannelOrder = options.ChannelOrder,
            ImageBackground = options.ImageBackground,
            ImageResizing = options.ImageResizing ?? ImageResizing.None,
            ImageOrientation = options.ImageOrientation ?? ImageOrientation.AsStored,
        };
    }

    private static void RequireOutputs(Network network, ConvNetTask task)
    {
        int outputs = network.OutputShape.ElementCount;
        (int least, int most, string what) = task switch
        {
            ConvNetTask.Multiclass => (2, ClassLabels.MaximumCount, $"2 to {ClassLabels.MaximumCount.ToString("N0", CultureInfo.InvariantCulture)} numbers, one a class"),
            ConvNetTask.Binary => (1, 2, "one number, the probability of true, or two, of false and true"),
            _ => (1, NumbersTask.MaximumCount, $"1 to {NumbersTask.MaximumCount.ToString("N0", CultureInfo.InvariantCulture)} numbers"),
        };
        if (network.OutputShape.Rank != 1 || outputs < least || outputs > most)
        {
            string hint = task == ConvNetTask.Multiclass && network.OutputShape.Rank == 1
                ? $"; {nameof(ConvNetScoringEstimator.Options.Task)} says that a number is that of a {nameof(ConvNetTask.Binary)} classification, or of a {nameof(ConvNetTask.Regression)}"
                : string.Empty;
            throw new ArgumentException(
                $"{nameof(ConvNetScoringEstimator.Options.Network)} gives a vector of {what}. Received: {network}{hint}.", nameof(network));
        }
    }

    // What gives logits where probabilities are wanted: a single output and labels get a sigmoid, two outputs a softmax.
    private static Network End(Network network, Weights weights, ConvNetTask task) => task switch
    {
        ConvNetTask.Binary when network.OutputShape.ElementCount == 2 => NetworkEnd.ToProbabilities(network, new Softmax(), weights, said: null),
        ConvNetTask.Binary or ConvNetTask.MultiLabel => NetworkEnd.ToProbabilities(network, new Sigmoid(), weights, said: null),
        _ => network,
    };

    private static PredictionTask TaskOf(ConvNetScoringEstimator.Options options, int outputs) => options.Task switch
    {
        ConvNetTask.Binary => new BinaryTask(outputs),
        ConvNetTask.Regression => new RegressionTask(outputs, isVector: outputs > 1, options.ClassNames is null ? null : Distinct(options.ClassNames, outputs)),
        ConvNetTask.MultiLabel => new MultiLabelTask(outputs, options.ClassNames is null ? null : Distinct(options.ClassNames, outputs)),
        _ => new MulticlassTask(Labels(options.ClassNames, outputs), options.PredictedLabelAsText == true),
    };

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

        return new ClassLabels(keys, LabelValueType.Find(TextDataViewType.Instance), Distinct(names, classes));
    }

    private static string[] Distinct(IReadOnlyList<string> names, int outputs)
    {
        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return names.Count == outputs && twice is null
            ? [.. names]
            : throw new ArgumentException(
                $"{nameof(ConvNetScoringEstimator.Options.ClassNames)} are {outputs} different names, one an output. "
                + $"Received: {names.Count}{(twice is null ? string.Empty : $", \"{twice}\" more than once")}.");
    }
}
