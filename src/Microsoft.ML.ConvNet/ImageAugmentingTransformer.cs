using Microsoft.ML.ConvNet.Augmenting;
using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.ModelStorage;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet;

/// <summary>
/// Augments the images of a column at random. What is done to an image is a function of the seed and of the row's number in its data (its
/// <see cref="DataViewRowId"/>): the same each time it is read, in any order, by any number of cursors. It is saved and loaded with the model that it
/// is part of.
/// </summary>
/// <remarks>
/// A model that has this step augments what it scores, too; for a training whose images differ from epoch to epoch, and whose model takes them as
/// they are, there is <see cref="ConvNetTrainingOptions.Augmentation"/>. Images may differ in size, and keep theirs; transparent pixels are put on a
/// ground first, so that augmented images have none.
/// </remarks>
public sealed class ImageAugmentingTransformer : ITransformer
{
    private readonly IHost _host;
    private readonly AugmentingSettings _settings;

    internal ImageAugmentingTransformer(IHostEnvironment environment, AugmentingSettings settings)
    {
        _host = environment.Register(nameof(ImageAugmentingTransformer));
        _settings = settings;
    }

    /// <summary>The column of the images.</summary>
    public string InputColumnName => _settings.InputColumn;

    /// <summary>The column that receives the augmented images.</summary>
    public string OutputColumnName => _settings.OutputColumn;

    /// <summary>What is done to the images.</summary>
    public ImageAugmentation Augmentation => _settings.Augmentation;

    /// <summary>The seed.</summary>
    public int Seed => _settings.Seed;

    /// <summary>What transparent pixels lie on.</summary>
    public ImageBackground ImageBackground => _settings.Background;

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or has no images.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or has no images.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddingDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new AddingMapper(_host, Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MLNetInternalsUse.Save(ctx, _settings);
    }

    private AugmentingBinding Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new AugmentingBinding(_host, _settings, inputSchema);
    }
}
