using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>
/// An annotation of columns that this pack writes: their vectors are images with the channels innermost, <c>[H, W, C]</c>, which dimensions such as 6x6x6 would not tell
/// a next layer.
/// </summary>
internal static class ChannelsLastAnnotation
{
    private const string Name = "IsChannelsLast";

    /// <summary>Whether a column has it.</summary>
    public static bool IsOf(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Name)?.Type is not BooleanDataViewType)
        {
            return false;
        }

        bool isLast = false;
        column.Annotations.GetValue(Name, ref isLast);
        return isLast;
    }

    /// <summary>The annotations of a column with it.</summary>
    public static DataViewSchema.Annotations Create()
    {
        DataViewSchema.Annotations.Builder annotations = new();
        annotations.AddPrimitiveValue(Name, BooleanDataViewType.Instance, true);
        return annotations.ToAnnotations();
    }

    /// <summary>The annotations of a column with it, in the shape of a schema.</summary>
    public static SchemaShape.Column[] Shape() => [SchemaColumns.New(Name, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance)];
}
