using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The annotations by which evaluators know the columns of one prediction, and what each is of it.</summary>
/// <param name="setId">A number that the columns have in common, and no others.</param>
/// <param name="kind">What is predicted.</param>
internal sealed class PredictionAnnotations(uint setId, string kind)
{
    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>Annotations of columns that come behind those of a schema.</summary>
    public static PredictionAnnotations For(DataViewSchema input, string kind) => new(LastSetId(input) + 1, kind);

    /// <summary>The annotations of a column.</summary>
    /// <param name="valueKind">What the column is of the prediction.</param>
    /// <param name="add">Adds others before them; null for none.</param>
    public DataViewSchema.Annotations Of(string valueKind, Action<DataViewSchema.Annotations.Builder>? add = null)
    {
        DataViewSchema.Annotations.Builder annotations = new();
        add?.Invoke(annotations);
        annotations.AddPrimitiveValue(AnnotationNames.ScoreColumnSetId, SetIdType, setId);
        annotations.AddPrimitiveValue(AnnotationNames.ScoreColumnKind, TextDataViewType.Instance, kind.AsMemory());
        annotations.AddPrimitiveValue(AnnotationNames.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        return annotations.ToAnnotations();
    }

    /// <summary>The highest number by which columns of one scoring know each other.</summary>
    private static uint LastSetId(DataViewSchema schema)
    {
        uint last = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            DataViewType? type = column.Annotations.Schema.GetColumnOrNull(AnnotationNames.ScoreColumnSetId)?.Type;
            if (type is KeyDataViewType && type.RawType == typeof(uint))
            {
                uint id = 0;
                column.Annotations.GetValue(AnnotationNames.ScoreColumnSetId, ref id);
                last = Math.Max(last, id);
            }
        }

        return last;
    }
}
