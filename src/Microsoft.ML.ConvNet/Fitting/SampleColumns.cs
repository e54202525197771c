using Microsoft.ML.ConvNet.Columns;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>What is read of each row.</summary>
/// <param name="Image">The column of the images.</param>
/// <param name="Label">The column of the classes.</param>
/// <param name="Weight">The column of the weights; null where all rows count once.</param>
/// <param name="ClassCount">The number of classes.</param>
internal sealed record SampleColumns(PixelSource Image, DataViewSchema.Column Label, DataViewSchema.Column? Weight, int ClassCount)
{
    /// <summary>The columns that a cursor is asked for: these, and texts that name bad rows.</summary>
    /// <param name="schema">The schema of the rows.</param>
    public IEnumerable<DataViewSchema.Column> Of(DataViewSchema schema)
    {
        DataViewSchema.Column[] needed = Weight is { } weight ? [Image.Column, Label, weight] : [Image.Column, Label];
        return RowTexts.With(schema, Image.Column, needed);
    }
}
