#nullable disable
namespace Microsoft.ML.Data;

/// <summary>The names and usual shapes of annotations.</summary>
internal static class AnnotationUtils
{
    /// <summary>The key type of <see cref="Kinds.ScoreColumnSetId"/>.</summary>
    public static KeyDataViewType ScoreColumnSetIdType { get; } = new(typeof(uint), int.MaxValue);

    public static bool HasSlotNames(this DataViewSchema.Column column, int vectorSize) =>
        vectorSize > 0
        && column.Annotations.Schema.GetColumnOrNull(Kinds.SlotNames)?.Type is VectorDataViewType type
        && type.Size == vectorSize
        && type.ItemType is TextDataViewType;

    public static bool HasSlotNames(this SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Vector
        && column.Annotations.TryFindColumn(Kinds.SlotNames, out SchemaShape.Column names)
        && names.Kind == SchemaShape.Column.VectorKind.Vector
        && !names.IsKey
        && names.ItemType is TextDataViewType;

    public static bool IsNormalized(this SchemaShape.Column column) =>
        column.Annotations.TryFindColumn(Kinds.IsNormalized, out SchemaShape.Column flag)
        && flag.Kind == SchemaShape.Column.VectorKind.Scalar
        && !flag.IsKey
        && flag.ItemType is BooleanDataViewType;

    /// <summary>The annotations that every score column carries.</summary>
    public static IEnumerable<SchemaShape.Column> GetTrainerOutputAnnotation(bool isNormalized = false)
    {
        const SchemaShape.Column.VectorKind Scalar = SchemaShape.Column.VectorKind.Scalar;
        yield return new SchemaShape.Column(Kinds.ScoreColumnSetId, Scalar, NumberDataViewType.UInt32, true);
        yield return new SchemaShape.Column(Kinds.ScoreColumnKind, Scalar, TextDataViewType.Instance, false);
        yield return new SchemaShape.Column(Kinds.ScoreValueKind, Scalar, TextDataViewType.Instance, false);
        if (isNormalized)
        {
            yield return new SchemaShape.Column(Kinds.IsNormalized, Scalar, BooleanDataViewType.Instance, false);
        }
    }

    /// <summary>The annotations of the scores of classes, of which the label column may know the names.</summary>
    public static IEnumerable<SchemaShape.Column> AnnotationsForMulticlassScoreColumn(SchemaShape.Column? labelColumn = null)
    {
        const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.Vector;
        var columns = new List<SchemaShape.Column>();
        if (labelColumn is { IsKey: true } label
            && label.Annotations.TryFindColumn(Kinds.KeyValues, out SchemaShape.Column values)
            && values.Kind == Vector)
        {
            if (values.ItemType is TextDataViewType)
            {
                columns.Add(new SchemaShape.Column(Kinds.SlotNames, Vector, TextDataViewType.Instance, false));
            }

            columns.Add(new SchemaShape.Column(Kinds.TrainingLabelValues, Vector, values.ItemType, false));
        }

        columns.AddRange(GetTrainerOutputAnnotation());
        return columns;
    }

    /// <summary>Names of annotations.</summary>
    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
        public const string ScoreColumnSetId = "ScoreColumnSetId";
        public const string ScoreColumnKind = "ScoreColumnKind";
        public const string ScoreValueKind = "ScoreValueKind";
        public const string IsNormalized = "IsNormalized";
        public const string IsUserVisible = "IsUserVisible";
        public const string TrainingLabelValues = "TrainingLabelValues";
        public const string CategoricalSlotRanges = "CategoricalSlotRanges";
    }

    /// <summary>Values of annotations.</summary>
    public static class Const
    {
        /// <summary>Values of <see cref="Kinds.ScoreColumnKind"/>.</summary>
        public static class ScoreColumnKind
        {
            public const string BinaryClassification = "BinaryClassification";
            public const string MulticlassClassification = "MulticlassClassification";
            public const string Regression = "Regression";
            public const string MultiOutputRegression = "MultiOutputRegression";
        }

        /// <summary>Values of <see cref="Kinds.ScoreValueKind"/>.</summary>
        public static class ScoreValueKind
        {
            public const string Score = "Score";
            public const string PredictedLabel = "PredictedLabel";
            public const string Probability = "Probability";
        }
    }
}
