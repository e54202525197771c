#nullable disable

using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Adds the column of the predicted class and that of the scores of all classes, which know the names of the classes.</summary>
public sealed class MulticlassPredictionTransformer<TModel>
    : RowToRowTransformerBase, ISingleFeaturePredictionTransformer<TModel>, IDisposable
    where TModel : class
{
    private readonly IMulticlassModel _model;
    private readonly DataViewSchema.Annotations _labelAnnotations;

    internal MulticlassPredictionTransformer(
        IHostEnvironment env,
        TModel model,
        string featureColumnName,
        DataViewType featureColumnType,
        DataViewSchema.Annotations labelAnnotations)
        : base(env.Register(nameof(MulticlassPredictionTransformer<TModel>)))
    {
        Model = model;
        _model = (IMulticlassModel)model;
        FeatureColumnName = featureColumnName;
        FeatureColumnType = featureColumnType;
        _labelAnnotations = labelAnnotations;
    }

    public TModel Model { get; }

    public string FeatureColumnName { get; }

    public DataViewType FeatureColumnType { get; }

    public void Dispose() => (Model as IDisposable)?.Dispose();

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(MulticlassPredictionTransformer.Version);
        var trained = new DataViewSchema.Builder();
        trained.AddColumn(FeatureColumnName, FeatureColumnType);
        trained.AddColumn(DefaultColumnNames.Label, new KeyDataViewType(typeof(uint), _model.NumberOfClasses), _labelAnnotations);
        SchemaCodec.Write(ctx.Writer, trained.ToSchema());
        _model.Save(ctx.Writer);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema)
    {
        DataViewSchema.Column features = inputSchema.GetColumnOrNull(FeatureColumnName)
            ?? throw Host.ExceptSchemaMismatch(nameof(inputSchema), "feature", FeatureColumnName);
        bool fits = features.Type.GetVectorSize() == FeatureColumnType.GetVectorSize()
            && features.Type.GetItemType() == NumberDataViewType.Single;
        return fits
            ? new MulticlassScoreMapper(inputSchema, features, _model, _labelAnnotations)
            : throw Host.ExceptSchemaMismatch(
                nameof(inputSchema), "feature", FeatureColumnName, FeatureColumnType.ToString(), features.Type.ToString());
    }
}

/// <summary>Reads a <see cref="MulticlassPredictionTransformer{TModel}"/> from a model file.</summary>
internal static class MulticlassPredictionTransformer
{
    public const string LoaderSignature = "MulticlassPredXfer";

    public static VersionInfo Version => StandInVersion.Create("MC  PRED", LoaderSignature);

    public static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        DataViewSchema trained = SchemaCodec.Read(ctx.Reader);
        MaximumEntropyModelParameters model = MaximumEntropyModelParameters.Load(ctx.Reader);
        return new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(
            env, model, trained[0].Name, trained[0].Type, trained[1].Annotations);
    }
}
