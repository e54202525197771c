using System.Globalization;
using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>A network that was imported, as the last step of the pipeline that this tool makes for image files.</summary>
internal sealed class ImportedModel
{
    private const int Colours = 3;

    /// <summary>How many channels the images of a model may have: grey ones and coloured ones.</summary>
    public static readonly IReadOnlyList<int> Channels = [1, Colours];

    private readonly OnnxNetwork _network;
    private readonly PixelSettings _pixels;

    /// <summary>Checks that the network classifies images.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pixels">What is done to pixels before it.</param>
    /// <exception cref="CommandException">It does not.</exception>
    public ImportedModel(OnnxNetwork network, PixelSettings pixels)
    {
        Shape input = network.Network.InputShape;
        Shape output = network.Network.OutputShape;
        if (!network.IsBatched || !input.IsImage || !Channels.Contains(input.Channels) || output.Rank != 1 || output.ElementCount < 2)
        {
            throw new CommandException(
                "The model takes images of 1 or 3 channels and gives one number a class. "
                + $"Received: {network.Input} and {network.Output}; OnnxModel.Import reads any network.");
        }

        foreach ((string option, IReadOnlyList<float>? numbers) in new[] { ("--mean", pixels.Mean), ("--std", pixels.Deviation) })
        {
            if (numbers is not null && numbers.Count != 1 && numbers.Count != input.Channels)
            {
                throw new CommandException(
                    $"{option} has one number, or one for each of {input.Channels} channels. "
                    + $"Received: {numbers.Count}.");
            }
        }

        _network = network;
        _pixels = pixels;
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount => _network.Network.OutputShape.ElementCount;

    /// <summary>Saves the pipeline as ML.NET does, as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The names of the classes; numbers where not given.</param>
    public void Save(string path, IReadOnlyList<string>? labels)
    {
        MLContext context = new(seed: 0);
        string[] names = [.. labels
            ?? [.. Enumerable.Range(0, ClassCount).Select(number => number.ToString(CultureInfo.InvariantCulture))]];
        ImageFiles files = new([], names, new ImageDecoder());
        IDataView rows = files.ToDataView(context);
        EstimatorChain<KeyToValueMappingTransformer> pipeline = files.Preparation(context, _network.Network.InputShape)
            .Append(context.Transforms.ConvNet(new ConvNetScoringEstimator.Options
            {
                OutputColumnName = ColumnNames.Score,
                InputColumnName = ColumnNames.Image,
                PredictedLabelColumnName = ColumnNames.PredictedLabel,
                Network = _network.Network,
                Weights = _network.Weights,
                ClassNames = names,
                ChannelOrder = _pixels.Order,
                ImageBackground = _pixels.Background,
                PixelOffsets = _pixels.Mean,
                PixelScales = _pixels.Deviation is null ? null : [.. _pixels.Deviation.Select(number => 1 / number)],
            }))
            .Append(context.Transforms.Conversion.MapKeyToValue(ColumnNames.PredictedClass, ColumnNames.PredictedLabel));
        using TransformerChain<KeyToValueMappingTransformer> model = pipeline.Fit(rows);
        context.Model.SaveAtomically(files.ToSave(context, model), files.SavedSchema(context), path);
    }
}
