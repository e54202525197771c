using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.Data;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The two columns that scoring adds, with the annotations by which evaluators and MapKeyToValue understand them.</summary>
internal static class ScoredSchema
{
    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>The schema with the score and predicted label columns behind the others.</summary>
    public static DataViewSchema Append(DataViewSchema input, ClassLabels labels, string scoreColumn, string predictedLabelColumn)
    {
        uint setId = LastSetId(input) + 1;
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(scoreColumn, new VectorDataViewType(NumberDataViewType.Single, labels.Count), OfScore(labels, setId));
        builder.AddColumn(predictedLabelColumn, labels.KeyType, OfPredictedLabel(labels, setId));
        return builder.ToSchema();
    }

    /// <summary>The shape of a schema with the two columns, for a label column of which only the shape is known.</summary>
    public static SchemaShape Append(SchemaShape input, SchemaShape.Column label, string scoreColumn, string predictedLabelColumn)
    {
        SchemaShape.Column? values = Find(label.Annotations, AnnotationNames.KeyValues) is { Kind: VectorKind.Vector } found
            && LabelValueType.Find(found.ItemType) is not null
            ? found
            : null;
        return Append(input, label.ItemType, values?.ItemType, scoreColumn, predictedLabelColumn);
    }

    /// <summary>The shape of a schema with the two columns, for known classes.</summary>
    public static SchemaShape Append(SchemaShape input, ClassLabels labels, string scoreColumn, string predictedLabelColumn) =>
        Append(
            input,
            LabelValueType.Find(labels.KeyType.RawType.Name)!.ItemType,
            labels.ValueType?.ItemType,
            scoreColumn,
            predictedLabelColumn);

    /// <summary>A column of a shape by its name; of several the last.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name)
    {
        for (int i = shape.Count - 1; i >= 0; i--)
        {
            if (shape[i].Name == name)
            {
                return shape[i];
            }
        }

        return null;
    }

    private static SchemaShape Append(
        SchemaShape input, DataViewType keyItemType, DataViewType? valueType, string scoreColumn, string predictedLabelColumn)
    {
        List<SchemaShape.Column> ofScore = [];
        List<SchemaShape.Column> ofPredictedLabel = [];
        if (valueType is not null)
        {
            if (valueType is TextDataViewType)
            {
                ofScore.Add(Column(AnnotationNames.SlotNames, VectorKind.Vector, valueType));
            }

            ofScore.Add(Column(AnnotationNames.TrainingLabelValues, VectorKind.Vector, valueType));
            ofPredictedLabel.Add(Column(AnnotationNames.KeyValues, VectorKind.Vector, valueType));
        }

        SchemaShape.Column[] ofBoth =
        [
            Column(AnnotationNames.ScoreColumnSetId, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
            Column(AnnotationNames.ScoreColumnKind, VectorKind.Scalar, TextDataViewType.Instance),
            Column(AnnotationNames.ScoreValueKind, VectorKind.Scalar, TextDataViewType.Instance),
        ];
        ofScore.AddRange(ofBoth);
        ofPredictedLabel.AddRange(ofBoth);
        return new SchemaShape(
        [
            .. input.Where(column => column.Name != scoreColumn && column.Name != predictedLabelColumn),
            Column(scoreColumn, VectorKind.Vector, NumberDataViewType.Single, annotations: ofScore),
            Column(predictedLabelColumn, VectorKind.Scalar, keyItemType, isKey: true, ofPredictedLabel),
        ]);
    }

    private static SchemaShape.Column Column(
        string name, VectorKind kind, DataViewType itemType, bool isKey = false, IEnumerable<SchemaShape.Column>? annotations = null) =>
        MLNetConstructors.NewColumn(name, kind, itemType, isKey, annotations is null ? null : new SchemaShape(annotations));

    private static DataViewSchema.Annotations OfScore(ClassLabels labels, uint setId)
    {
        DataViewSchema.Annotations.Builder annotations = new();
        if (labels is { ValueType: { } type, Values: { } values })
        {
            if (type.ItemType is TextDataViewType)
            {
                type.Add(annotations, AnnotationNames.SlotNames, values);
            }

            type.Add(annotations, AnnotationNames.TrainingLabelValues, values);
        }

        AddKinds(annotations, setId, AnnotationNames.Score);
        return annotations.ToAnnotations();
    }

    private static DataViewSchema.Annotations OfPredictedLabel(ClassLabels labels, uint setId)
    {
        DataViewSchema.Annotations.Builder annotations = new();
        if (labels is { ValueType: { } type, Values: { } values })
        {
            type.Add(annotations, AnnotationNames.KeyValues, values);
        }

        AddKinds(annotations, setId, AnnotationNames.PredictedLabel);
        return annotations.ToAnnotations();
    }

    private static void AddKinds(DataViewSchema.Annotations.Builder annotations, uint setId, string valueKind)
    {
        annotations.AddPrimitiveValue(AnnotationNames.ScoreColumnSetId, SetIdType, setId);
        annotations.AddPrimitiveValue(
            AnnotationNames.ScoreColumnKind, TextDataViewType.Instance, AnnotationNames.MulticlassClassification.AsMemory());
        annotations.AddPrimitiveValue(AnnotationNames.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
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
