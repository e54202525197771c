#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An estimator that has nothing to learn.</summary>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected TrivialEstimator(IHost host, TTransformer transformer)
    {
        Host = host;
        Transformer = transformer;
    }

    private protected IHost Host { get; }

    private protected TTransformer Transformer { get; }

    public TTransformer Fit(IDataView input)
    {
        Host.CheckValue(input, nameof(input));

        // Throws where the transformer does not fit the data.
        _ = Transformer.GetOutputSchema(input.Schema);
        return Transformer;
    }

    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}

/// <summary>Shapes of schemas with columns added.</summary>
internal static class SchemaShapeExtensions
{
    /// <summary>The shape with more columns, each instead of the one that has its name.</summary>
    public static SchemaShape With(this SchemaShape shape, IEnumerable<SchemaShape.Column> added)
    {
        var columns = shape.ToDictionary(column => column.Name);
        foreach (SchemaShape.Column column in added)
        {
            columns[column.Name] = column;
        }

        return new SchemaShape(columns.Values);
    }

    /// <summary>The column of a name, or ML.NET's error where there is none.</summary>
    public static SchemaShape.Column Require(this SchemaShape shape, IExceptionContext context, string name) =>
        shape.TryFindColumn(name, out SchemaShape.Column column)
            ? column
            : throw context.ExceptSchemaMismatch("inputSchema", "input", name);

    /// <summary>The annotations of a column that a test of their names accepts.</summary>
    public static SchemaShape Only(this SchemaShape annotations, params string[] names) =>
        new(annotations.Where(column => names.Contains(column.Name)));
}
