using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Augmenting;

/// <summary>An augmentation bound to a schema: its columns, and behind them the augmented images.</summary>
internal sealed class AugmentingBinding : RowBinding
{
    private readonly AugmentingSettings _settings;
    private readonly DataViewSchema.Column _source;

    public AugmentingBinding(IExceptionContext context, AugmentingSettings settings, DataViewSchema input)
        : this(context, settings, input, Find(context, settings.InputColumn, input))
    {
    }

    private AugmentingBinding(IExceptionContext context, AugmentingSettings settings, DataViewSchema input, DataViewSchema.Column source)
        : base(context, source, input, Append(input, settings.OutputColumn, source.Type))
    {
        _settings = settings;
        _source = source;
    }

    /// <summary>What is said of a column that holds no images.</summary>
    public static string NoImages(string column, object type) =>
        $"What is augmented are images, MLImage. Received: the column \"{column}\" of {type}; put mlContext.Transforms.LoadImages before it.";

    /// <inheritdoc/>
    protected override void AddGetters(DataViewRow row, ReadOnlySpan<bool> marks, Span<Delegate?> getters) =>
        getters[0] = (ValueGetter<MLImage>)new RowAugmenter(Context, row, _source, _settings).Get;

    private static DataViewSchema.Column Find(IExceptionContext context, string name, DataViewSchema input)
    {
        DataViewSchema.Column column = input.GetColumnOrNull(name)
            ?? throw context.Missing("input", name, input.Select(present => present.Name));
        return column.Type is ImageDataViewType ? column : throw context.Mismatch(NoImages(name, column.Type));
    }

    private static DataViewSchema Append(DataViewSchema input, string name, DataViewType type)
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(name, type);
        return builder.ToSchema();
    }
}

/// <summary>What an augmenting transformer does.</summary>
/// <param name="InputColumn">The column of the images.</param>
/// <param name="OutputColumn">The column that receives the augmented ones.</param>
/// <param name="Augmentation">What is done to them.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Background">What transparent pixels lie on.</param>
internal sealed record AugmentingSettings(
    string InputColumn, string OutputColumn, ImageAugmentation Augmentation, int Seed, ImageBackground Background);
