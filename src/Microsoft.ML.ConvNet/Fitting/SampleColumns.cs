using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>What is read of each row.</summary>
/// <param name="Image">The column of the images.</param>
/// <param name="Label">The column of the labels.</param>
/// <param name="Weight">The column of the weights; null where all rows count once.</param>
/// <param name="Task">What is learnt of them.</param>
internal sealed record SampleColumns(PixelSource Image, DataViewSchema.Column Label, DataViewSchema.Column? Weight, PredictionTask Task)
{
    /// <summary>The column of what each row counts.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="name">Its name; null where all rows count once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it has no numbers.</exception>
    public static DataViewSchema.Column? FindWeight(IExceptionContext context, IDataView rows, string? name)
    {
        if (name is null)
        {
            return null;
        }

        DataViewSchema.Column column = context.Find(rows, "weight", name);
        return WeightReader.CanRead(column.Type) ? column : throw context.Mismatch(WeightReader.WrongType(name, column.Type.ToString()!));
    }

    /// <summary>The columns that a cursor is asked for: these, and texts that name bad rows.</summary>
    /// <param name="schema">The schema of the rows.</param>
    public IEnumerable<DataViewSchema.Column> Of(DataViewSchema schema)
    {
        DataViewSchema.Column[] needed = Weight is { } weight ? [Image.Column, Label, weight] : [Image.Column, Label];
        return RowTexts.With(schema, Image.Column, needed);
    }
}
