#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// The features that are not zero, the labels and the weights of all rows in memory. Rows whose label is missing, whose features
/// are not all finite or whose weight is not positive are left out.
/// </summary>
internal sealed class TrainingMatrix
{
    private readonly List<Row> _rows = [];

    // The indices of a row in which no feature is zero, shared by all such rows.
    private readonly int[] _allFeatures;

    private TrainingMatrix(int featureCount) => _allFeatures = [.. Enumerable.Range(0, featureCount)];

    public int FeatureCount => _allFeatures.Length;

    public int RowCount => _rows.Count;

    public double WeightSum { get; private set; }

    /// <summary>How many rows were left out.</summary>
    public long SkippedRowCount { get; private set; }

    public static TrainingMatrix Read(
        IHost host, IDataView data, DataViewSchema.Column features, DataViewSchema.Column label, DataViewSchema.Column? weight)
    {
        var matrix = new TrainingMatrix(features.Type.GetVectorSize());
        IEnumerable<DataViewSchema.Column> columns = weight is null ? [features, label] : [features, label, weight.Value];
        using (DataViewRowCursor cursor = data.GetRowCursor(columns))
        {
            ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(features);
            ValueGetter<float> getLabel = RoleColumns.GetLabelGetter(cursor, label);
            ValueGetter<float> getWeight = weight is null ? (ref float one) => one = 1 : cursor.GetGetter<float>(weight.Value);
            VBuffer<float> buffer = default;
            float rowLabel = 0;
            float rowWeight = 1;
            while (cursor.MoveNext())
            {
                getLabel(ref rowLabel);
                getFeatures(ref buffer);
                getWeight(ref rowWeight);
                matrix.Add(buffer, rowLabel, rowWeight);
            }
        }

        host.Check(matrix.RowCount > 0, "No valid training instances found, all instances have missing features.");
        return matrix;
    }

    public int LabelOf(int row) => _rows[row].Label;

    public float WeightOf(int row) => _rows[row].Weight;

    /// <summary>The features of a row that are not zero, ascending.</summary>
    public ReadOnlySpan<int> FeaturesOf(int row) => _rows[row].Features;

    /// <summary>The values of <see cref="FeaturesOf"/>.</summary>
    public ReadOnlySpan<float> ValuesOf(int row) => _rows[row].Values;

    private void Add(in VBuffer<float> features, float label, float weight)
    {
        ReadOnlySpan<float> given = features.GetValues();
        bool isGood = !float.IsNaN(label) && weight > 0 && float.IsFinite(weight);
        int count = 0;
        foreach (float value in given)
        {
            isGood &= float.IsFinite(value);
            count += value != 0 ? 1 : 0;
        }

        if (!isGood)
        {
            SkippedRowCount++;
            return;
        }

        int[] indices = count == FeatureCount ? _allFeatures : new int[count];
        var values = new float[count];
        for (int i = 0, k = 0; i < given.Length; i++)
        {
            if (given[i] != 0)
            {
                indices[k] = features.IsDense ? i : features.GetIndices()[i];
                values[k++] = given[i];
            }
        }

        _rows.Add(new Row(indices, values, (int)label, weight));
        WeightSum += weight;
    }

    private readonly record struct Row(int[] Features, float[] Values, int Label, float Weight);
}
