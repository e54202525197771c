#nullable disable

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Computes the metrics of regression in one pass over scored data.</summary>
internal sealed class RegressionEvaluator(IHostEnvironment env)
{
    private readonly IHost _host = env.Register("RegressionEvaluator");

    public RegressionMetrics Evaluate(IDataView data, string labelName, string scoreName)
    {
        DataViewSchema.Column label = _host.RequireColumn(data.Schema, "Label", labelName);
        DataViewSchema.Column score = _host.RequireColumn(data.Schema, "Score", scoreName);
        CheckSingle(score, "score");
        CheckSingle(label, "label");
        var counters = new RegressionCounters();
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        ValueGetter<float> getLabel = cursor.GetGetter<float>(label);
        ValueGetter<float> getScore = cursor.GetGetter<float>(score);
        float truth = 0;
        float prediction = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref truth);
            getScore(ref prediction);

            // Rows without a label or a score do not count.
            if (!float.IsNaN(truth) && !float.IsNaN(prediction))
            {
                counters.Add(truth, prediction);
            }
        }

        return counters.ToMetrics();
    }

    private void CheckSingle(DataViewSchema.Column column, string role)
    {
        if (column.Type != NumberDataViewType.Single)
        {
            throw _host.ExceptSchemaMismatch("schema", role, column.Name, "Single", column.Type.ToString());
        }
    }
}
