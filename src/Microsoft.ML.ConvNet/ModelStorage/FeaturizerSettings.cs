using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Featurizing;
using Microsoft.ML.ConvNet.Storage;
using static Microsoft.ML.ConvNet.Storage.ModelFormatException;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>The settings of a featurizer as they are written: JSON in UTF-8, on one line, fields in this order.</summary>
internal sealed record FeaturizerSettings
{
    private const string ThisFormat = "Microsoft.ML.ConvNet.Featurizer";
    private const int ThisVersion = 4;

    public string? Format { get; init; }

    public int Version { get; init; }

    public string? InputColumn { get; init; }

    public string? OutputColumn { get; init; }

    public ImageLayout ImageLayout { get; init; }

    public ChannelOrder ChannelOrder { get; init; }

    public ImageBackground ImageBackground { get; init; }

    public ImageResizing ImageResizing { get; init; }

    public ImageOrientation ImageOrientation { get; init; }

    public IReadOnlyList<float>? PixelOffsets { get; init; }

    public IReadOnlyList<float>? PixelScales { get; init; }

    /// <summary>Writes a featurizer.</summary>
    /// <param name="featurizer">The featurizer.</param>
    /// <param name="write">Makes a part of a name and lets it be written.</param>
    public static void Write(FeaturizerModel featurizer, Action<string, Action<Stream>> write)
    {
        FeaturizerSettings settings = new()
        {
            Format = ThisFormat,
            Version = ThisVersion,
            InputColumn = featurizer.InputColumn,
            OutputColumn = featurizer.OutputColumn,
            ImageLayout = featurizer.Layout,
            ChannelOrder = featurizer.ChannelOrder,
            ImageBackground = featurizer.Background,
            ImageResizing = featurizer.Resizing,
            ImageOrientation = featurizer.Orientation,
            PixelOffsets = featurizer.Normalization.Offsets,
            PixelScales = featurizer.Normalization.Scales,
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(settings, FeaturizerSettingsContext.Default.FeaturizerSettings);
        NetworkFile.Write(featurizer.Network, featurizer.Weights, json, write);
    }

    /// <summary>The featurizer that a file holds, whose weights belong to what is made of it.</summary>
    /// <exception cref="ModelFormatException">The settings are damaged; the message names them.</exception>
    public static FeaturizerModel Read(NetworkFile file)
    {
        try
        {
            FeaturizerSettings settings = JsonSerializer.Deserialize(file.Settings.Span, FeaturizerSettingsContext.Default.FeaturizerSettings)!;
            Require(settings.Format == ThisFormat, $"a featurizer has the format \"{ThisFormat}\". Received: \"{settings.Format}\".");
            Require(!string.IsNullOrEmpty(settings.InputColumn) && !string.IsNullOrEmpty(settings.OutputColumn), "columns have names. Received: none.");
            Require(Enum.IsDefined(settings.ImageLayout), $"the image layout is one that is known. Received: {settings.ImageLayout}.");
            Require(Enum.IsDefined(settings.ImageOrientation), $"the images' orientation is one that is known. Received: {settings.ImageOrientation}.");
            return new FeaturizerModel(settings.InputColumn!, settings.OutputColumn!, file.Network, file.Weights, file.Normalization)
            {
                Layout = settings.ImageLayout,
                ChannelOrder = file.IsBlueFirst ? ChannelOrder.Bgr : ChannelOrder.Rgb,
                Background = file.IsBackgroundWhite ? ImageBackground.White : ImageBackground.Black,
                Resizing = file.Resizing,
                Orientation = settings.ImageOrientation,
            };
        }
        catch (Exception exception) when (exception is ModelFormatException or JsonException)
        {
            file.Dispose();
            throw new ModelFormatException($"The model file is damaged: {NetworkFile.SettingsName}: {exception.Message}", exception);
        }
    }
}

/// <summary>Knows how settings are written, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FeaturizerSettings))]
internal sealed partial class FeaturizerSettingsContext : JsonSerializerContext;
