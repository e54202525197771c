using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.Data;
using static Microsoft.ML.ConvNet.Storage.ModelFormatException;

namespace Microsoft.ML.ConvNet.ModelStorage;

/// <summary>The settings of a transformer as they are written: JSON in UTF-8, on one line, fields in this order.</summary>
internal sealed record ModelSettings
{
    private const string ThisFormat = "Microsoft.ML.ConvNet.Transformer";

    // Files say the first version that reads them: 2 has the order of the channels, where it is not red, green, blue, 3 what transparent
    // pixels lie on, where it is not black, 4 how images are resized, where they are, and 5 what is predicted, where that is not the key of a class,
    // and which way up images of files are, where that is not as they are stored. NetworkFile, which reads them, knows the latest.
    private const int FirstVersion = 1;
    private const int VersionOfChannelOrder = 2;
    private const int VersionOfBackground = 3;
    private const int VersionOfResizing = 4;
    private const int ThisVersion = 5;

    public string? Format { get; init; }

    public int Version { get; init; }

    public ConvNetTask? Task { get; init; }

    public string? FeatureColumn { get; init; }

    public FeatureTypeSettings? FeatureType { get; init; }

    public string? ScoreColumn { get; init; }

    public string? ProbabilityColumn { get; init; }

    public string? PredictedLabelColumn { get; init; }

    public string? LabelColumn { get; init; }

    public ImageLayout ImageLayout { get; init; }

    public ChannelOrder? ChannelOrder { get; init; }

    public ImageBackground? ImageBackground { get; init; }

    public ImageResizing? ImageResizing { get; init; }

    public ImageOrientation? ImageOrientation { get; init; }

    public IReadOnlyList<float>? PixelOffsets { get; init; }

    public IReadOnlyList<float>? PixelScales { get; init; }

    public string? LabelKeyType { get; init; }

    public int ClassCount { get; init; }

    public bool? IsVector { get; init; }

    public bool? IsText { get; init; }

    public string? LabelValueType { get; init; }

    public IReadOnlyList<string>? LabelValues { get; init; }

    public WeightStorage? WeightStorage { get; init; }

    /// <summary>The settings of a transformer.</summary>
    public static ModelSettings Of(ModelStreams streams)
    {
        ConvNetModelParameters parameters = streams.Parameters;
        TaskSettings task = parameters.Prediction.Describe();
        return new ModelSettings
        {
            Format = ThisFormat,
            Version = parameters.Prediction is not MulticlassTask { IsText: false } || parameters.ImageOrientation != ConvNet.ImageOrientation.AsStored ? ThisVersion
                : parameters.ImageResizing != Data.ImageResizing.None ? VersionOfResizing
                : parameters.ImageBackground != ConvNet.ImageBackground.Black ? VersionOfBackground
                : parameters.ChannelOrder != ConvNet.ChannelOrder.Rgb ? VersionOfChannelOrder
                : FirstVersion,
            FeatureColumn = streams.Columns.Feature,
            FeatureType = FeatureTypeSettings.Of(streams.FeatureType),
            ScoreColumn = streams.Columns.Score,
            ProbabilityColumn = streams.Columns.Probability,
            PredictedLabelColumn = streams.Columns.PredictedLabel,
            LabelColumn = streams.LabelColumn,
            ImageLayout = parameters.ImageLayout,
            ChannelOrder = parameters.ChannelOrder == ConvNet.ChannelOrder.Rgb ? null : parameters.ChannelOrder,
            ImageBackground = parameters.ImageBackground == ConvNet.ImageBackground.Black ? null : parameters.ImageBackground,
            ImageResizing = parameters.ImageResizing == Data.ImageResizing.None ? null : parameters.ImageResizing,
            ImageOrientation = parameters.ImageOrientation == ConvNet.ImageOrientation.AsStored ? null : parameters.ImageOrientation,
            PixelOffsets = parameters.PixelOffsets,
            PixelScales = parameters.PixelScales,
            WeightStorage = streams.Storage == Storage.WeightStorage.Full ? null : streams.Storage,
            Task = task.Kind == ConvNetTask.Multiclass ? null : task.Kind,
            LabelKeyType = task.LabelKeyType,
            ClassCount = task.OutputCount,
            IsVector = task.IsVector ? true : null,
            IsText = task.IsText ? true : null,
            LabelValueType = task.LabelValueType,
            LabelValues = task.LabelValues,
        };
    }

    /// <summary>The settings as they are written.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ModelSettingsContext.Default.ModelSettings);

    /// <summary>Reads settings whose format and version were found to be ours.</summary>
    /// <exception cref="ModelFormatException">A field is of another kind.</exception>
    public static ModelSettings Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ModelSettingsContext.Default.ModelSettings)!;
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException($"settings are JSON. Received: {exception.Message}", exception);
        }
    }

    /// <summary>What the settings say of a network and its weights.</summary>
    /// <exception cref="ModelFormatException">They do not fit together.</exception>
    public ModelStreams ToStreams(NetworkFile file)
    {
        Require(
            Format == ThisFormat,
            $"a network that predicts has the format \"{ThisFormat}\". Received: \"{Format}\"; PretrainedModel.Load takes any.");
        Network network = file.Network;
        ConvNetTask task = Task ?? ConvNetTask.Multiclass;
        Require(Enum.IsDefined(task), $"the task is one that is known. Received: {task}.");
        ScoringColumns columns = ScoringColumns.Of(
            task, FeatureColumn ?? string.Empty, ScoreColumn ?? string.Empty, PredictedLabelColumn ?? string.Empty, ProbabilityColumn ?? string.Empty);
        try
        {
            columns.Check();
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException(exception.Message, exception);
        }

        Require(Enum.IsDefined(ImageLayout), $"the image layout is one that is known. Received: {ImageLayout}.");
        Require(ChannelOrder is null || Enum.IsDefined(ChannelOrder.Value), $"the order of the channels is one that is known. Received: {ChannelOrder}.");
        Require(
            ImageBackground is null || Enum.IsDefined(ImageBackground.Value),
            $"the images' background is one that is known. Received: {ImageBackground}.");
        Require(
            ImageOrientation is null || Enum.IsDefined(ImageOrientation.Value), $"the images' orientation is one that is known. Received: {ImageOrientation}.");
        ConvNetModelParameters parameters = new(
            network, file.Weights, file.Normalization, ImageLayout, ToTask(task))
        {
            ChannelOrder = ChannelOrder ?? ConvNet.ChannelOrder.Rgb,
            ImageBackground = ImageBackground ?? ConvNet.ImageBackground.Black,
            ImageResizing = file.Resizing,
            ImageOrientation = ImageOrientation ?? ConvNet.ImageOrientation.AsStored,
        };
        Require(WeightStorage is null || Enum.IsDefined(WeightStorage.Value), $"the storage of weights is one that is known. Received: {WeightStorage}.");
        return new ModelStreams(parameters, columns, LabelColumn, FeatureTypeSettings.TypeOf(FeatureType, network.InputShape))
        {
            Storage = WeightStorage ?? Storage.WeightStorage.Full,
        };
    }

    private PredictionTask ToTask(ConvNetTask task)
    {
        Require(LabelValues is null || LabelValues.All(value => value is not null), "label values are texts. Received: null.");
        switch (task)
        {
            case ConvNetTask.Binary:
                Require(ClassCount is 1 or 2, FormattableString.Invariant($"a binary classification has one output or two. Received: {ClassCount}."));
                return new BinaryTask(ClassCount);
            case ConvNetTask.Regression:
                Require(
                    ClassCount == 1 || IsVector == true, FormattableString.Invariant($"several numbers are a vector. Received: {ClassCount} that are none."));
                return new RegressionTask(ClassCount, IsVector == true, LabelValues);
            case ConvNetTask.MultiLabel:
                return new MultiLabelTask(ClassCount, LabelValues);
            default:
                return new MulticlassTask(ToLabels(), IsText == true);
        }
    }

    private ClassLabels ToLabels()
    {
        Require(ClassCount is >= 2 and <= ClassLabels.MaximumCount, FormattableString.Invariant($"there are 2 classes or more. Received: {ClassCount}."));
        Require(
            (LabelValues is null) == (LabelValueType is null),
            $"there are label values with a type, or none. Received: {LabelValues?.Count ?? 0} of type \"{LabelValueType}\".");
        Type? rawType = LabelKeyType switch
        {
            nameof(Byte) => typeof(byte),
            nameof(UInt16) => typeof(ushort),
            nameof(UInt32) => typeof(uint),
            nameof(UInt64) => typeof(ulong),
            _ => null,
        };
        Require(rawType is not null, $"label keys are of type Byte, UInt16, UInt32 or UInt64. Received: \"{LabelKeyType}\".");
        Require(
            (rawType != typeof(byte) || ClassCount <= byte.MaxValue) && (rawType != typeof(ushort) || ClassCount <= ushort.MaxValue),
            $"label keys of type {LabelKeyType} hold the classes. Received: {ClassCount} classes.");
        KeyDataViewType keyType = new(rawType!, ClassCount);
        if (LabelValues is null)
        {
            // Without a label column nobody trained it: a network that was given, from before its classes had values.
            return LabelColumn is null ? ClassLabels.Numbered(keyType) : new ClassLabels(keyType, null, null);
        }

        LabelValueType? valueType = Schema.LabelValueType.Find(LabelValueType!);
        Require(valueType is not null, $"label values are of a type that is known. Received: \"{LabelValueType}\".");
        try
        {
            valueType!.Add(new DataViewSchema.Annotations.Builder(), AnnotationNames.KeyValues, LabelValues);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new ModelFormatException($"label values are of type {LabelValueType}. Received: {exception.Message}", exception);
        }

        return new ClassLabels(keyType, valueType, LabelValues);
    }
}

/// <summary>Knows how settings are written, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ModelSettings))]
internal sealed partial class ModelSettingsContext : JsonSerializerContext;
