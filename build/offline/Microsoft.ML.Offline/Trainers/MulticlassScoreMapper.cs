#nullable disable

using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Computes predicted class and scores of a row, once for both.</summary>
internal sealed class MulticlassScoreMapper : RowMapper
{
    private readonly DataViewSchema.Column _features;
    private readonly IMulticlassModel _model;

    public MulticlassScoreMapper(
        DataViewSchema inputSchema, DataViewSchema.Column features, IMulticlassModel model, DataViewSchema.Annotations labelAnnotations)
        : base(inputSchema)
    {
        _features = features;
        _model = model;
        int classes = model.NumberOfClasses;
        uint set = 1 + HighestScoreColumnSetId(inputSchema);
        bool hasValues = labelAnnotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType values
            && values.Size == classes;
        OutputColumns =
        [
            new(
                DefaultColumnNames.PredictedLabel,
                new KeyDataViewType(typeof(uint), classes),
                PredictedLabelAnnotations(set, hasValues, labelAnnotations)),
            new(
                DefaultColumnNames.Score,
                new VectorDataViewType(NumberDataViewType.Single, classes),
                ScoreAnnotations(set, hasValues, labelAnnotations)),
        ];
    }

    public override DataViewSchema.DetachedColumn[] OutputColumns { get; }

    public override IEnumerable<int> SourcesOf(int output) => [_features.Index];

    public override Delegate MakeGetter(DataViewRow input, int output, out Action disposer) =>
        MakeGetters(input, i => i == output, out disposer)[output];

    public override Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
    {
        disposer = null;
        if (!isActive(0) && !isActive(1))
        {
            return new Delegate[2];
        }

        ValueGetter<VBuffer<float>> getFeatures = input.GetGetter<VBuffer<float>>(_features);
        VBuffer<float> features = default;
        var scores = new float[_model.NumberOfClasses];
        long scoredPosition = -1;
        void Score()
        {
            if (scoredPosition != input.Position)
            {
                getFeatures(ref features);
                _model.Predict(in features, scores);
                scoredPosition = input.Position;
            }
        }

        ValueGetter<uint> getPredictedLabel = (ref uint key) =>
        {
            Score();
            key = (uint)(1 + ArgMax(scores));
        };
        ValueGetter<VBuffer<float>> getScore = (ref VBuffer<float> vector) =>
        {
            Score();
            VBuffer<float>.Copy(scores, 0, ref vector, scores.Length);
        };
        return [isActive(0) ? getPredictedLabel : null, isActive(1) ? getScore : null];
    }

    /// <summary>The place of the highest score, the first of equal ones; -1 where no score is a number.</summary>
    private static int ArgMax(float[] scores)
    {
        int best = -1;
        for (int c = 0; c < scores.Length; c++)
        {
            if (!float.IsNaN(scores[c]) && (best < 0 || scores[c] > scores[best]))
            {
                best = c;
            }
        }

        return best;
    }

    private static uint HighestScoreColumnSetId(DataViewSchema schema)
    {
        uint highest = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            DataViewType type = column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.ScoreColumnSetId)?.Type;
            if (type is KeyDataViewType && type.RawType == typeof(uint))
            {
                uint set = 0;
                column.Annotations.GetValue(AnnotationUtils.Kinds.ScoreColumnSetId, ref set);
                highest = Math.Max(highest, set);
            }
        }

        return highest;
    }

    private static DataViewSchema.Annotations PredictedLabelAnnotations(uint set, bool hasValues, DataViewSchema.Annotations label)
    {
        DataViewSchema.Annotations.Builder builder = CommonAnnotations(set, AnnotationUtils.Const.ScoreValueKind.PredictedLabel);
        if (hasValues)
        {
            builder.Add(label, kind => kind == AnnotationUtils.Kinds.KeyValues);
        }

        return builder.ToAnnotations();
    }

    private static DataViewSchema.Annotations ScoreAnnotations(uint set, bool hasValues, DataViewSchema.Annotations label)
    {
        DataViewSchema.Annotations.Builder builder = CommonAnnotations(set, AnnotationUtils.Const.ScoreValueKind.Score);
        if (hasValues)
        {
            DataViewSchema.Column values = label.Schema[AnnotationUtils.Kinds.KeyValues];
            Delegate getter = label.GetterOf(values.Index);
            if (values.Type.GetItemType() is TextDataViewType)
            {
                builder.Add(AnnotationUtils.Kinds.SlotNames, values.Type, getter);
            }

            builder.Add(AnnotationUtils.Kinds.TrainingLabelValues, values.Type, getter);
        }

        return builder.ToAnnotations();
    }

    private static DataViewSchema.Annotations.Builder CommonAnnotations(uint set, string valueKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, set);
        builder.AddPrimitiveValue(
            AnnotationUtils.Kinds.ScoreColumnKind,
            TextDataViewType.Instance,
            AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification.AsMemory());
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        return builder;
    }
}
