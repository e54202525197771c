#nullable disable

using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Computes the metrics of multiclass classification in one pass over scored data.</summary>
internal sealed class MulticlassEvaluator(IHostEnvironment env)
{
    private readonly IHost _host = env.Register("MultiClassClassifierEvaluator");

    public MulticlassClassificationMetrics Evaluate(
        IDataView data, string labelName, string scoreName, string predictedLabelName, int topKPredictionCount)
    {
        DataViewSchema.Column label = _host.RequireColumn(data.Schema, "Label", labelName);
        DataViewSchema.Column score = _host.RequireColumn(data.Schema, "Score", scoreName);
        _host.RequireColumn(data.Schema, "PredictedLabel", predictedLabelName);
        CheckTypes(score, label);
        int classCount = score.Type.GetVectorSize();
        var counters = new MulticlassCounters(classCount);
        using (DataViewRowCursor cursor = data.GetRowCursor([label, score]))
        {
            ValueGetter<float> getLabel = RoleColumns.GetLabelGetter(cursor, label);
            ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(score);
            var scores = new float[classCount];
            VBuffer<float> buffer = default;
            float value = 0;
            while (cursor.MoveNext())
            {
                getLabel(ref value);

                // Rows without a label, and labels that are no class number, do not count.
                if (float.IsNaN(value) || value < 0 || value != (int)value)
                {
                    continue;
                }

                getScore(ref buffer);
                _host.Check(buffer.Length == classCount, $"A row has {buffer.Length} scores where {classCount} are expected.");
                buffer.CopyTo(scores);
                if (Array.TrueForAll(scores, float.IsFinite))
                {
                    counters.Add((int)value, scores);
                }
            }
        }

        return new MulticlassClassificationMetrics(counters, topKPredictionCount, GetClassNames(score, classCount));
    }

    private void CheckTypes(DataViewSchema.Column score, DataViewSchema.Column label)
    {
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
        {
            throw _host.ExceptSchemaMismatch(
                "schema", "score", score.Name, "vector of two or more items of type Single", score.Type.ToString());
        }

        if (label.Type != NumberDataViewType.Single && label.Type.GetKeyCount() == 0)
        {
            throw _host.ExceptSchemaMismatch("schema", "label", label.Name, "Single or Key", label.Type.ToString());
        }
    }

    /// <summary>The slot names of the scores, or else their numbers from 0.</summary>
    private static string[] GetClassNames(DataViewSchema.Column score, int classCount)
    {
        if (score.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type
            is VectorDataViewType { IsKnownSize: true, ItemType: TextDataViewType })
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            score.GetSlotNames(ref names);
            return [.. names.DenseValues().Select(name => name.ToString())];
        }

        return [.. Enumerable.Range(0, classCount).Select(c => c.ToString(CultureInfo.InvariantCulture))];
    }
}
