#nullable disable

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>What trainers share: the columns they read, and the checks of them before any training.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    /// <summary>The features that the trainer reads.</summary>
    public readonly SchemaShape.Column FeatureColumn;

    /// <summary>The label that the trainer reads.</summary>
    public readonly SchemaShape.Column LabelColumn;

    /// <summary>The example weights that the trainer reads; without a name where there are none.</summary>
    public readonly SchemaShape.Column WeightColumn;

    private protected TrainerEstimatorBase(
        IHost host, SchemaShape.Column feature, SchemaShape.Column label, SchemaShape.Column weight)
    {
        Host = host;
        FeatureColumn = feature;
        LabelColumn = label;
        WeightColumn = weight;
    }

    public abstract TrainerInfo Info { get; }

    private protected IHost Host { get; }

    public TTransformer Fit(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        CheckInputSchema(SchemaShape.Create(input.Schema));
        return Train(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        CheckInputSchema(inputSchema);
        Dictionary<string, SchemaShape.Column> columns = inputSchema.ToDictionary(column => column.Name);
        foreach (SchemaShape.Column column in GetOutputColumns(inputSchema))
        {
            columns[column.Name] = column;
        }

        return new SchemaShape(columns.Values);
    }

    private protected abstract IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema);

    private protected abstract TTransformer Train(IDataView input);

    private void CheckInputSchema(SchemaShape inputSchema)
    {
        Check(inputSchema, FeatureColumn, "feature", nameof(inputSchema));
        Check(inputSchema, WeightColumn, "weight", nameof(inputSchema));
        Check(inputSchema, LabelColumn, "label", "labelCol");
    }

    private void Check(SchemaShape inputSchema, SchemaShape.Column wanted, string role, string parameter)
    {
        if (!wanted.IsValid)
        {
            return;
        }

        if (!inputSchema.TryFindColumn(wanted.Name, out SchemaShape.Column found))
        {
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), role, wanted.Name);
        }

        if (!wanted.IsCompatibleWith(found))
        {
            throw Host.ExceptSchemaMismatch(parameter, role, wanted.Name, wanted.GetTypeString(), found.GetTypeString());
        }
    }
}
