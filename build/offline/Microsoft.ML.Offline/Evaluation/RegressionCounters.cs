namespace Microsoft.ML.Data;

/// <summary>Sums over rows what the regression metrics are made of.</summary>
internal sealed class RegressionCounters
{
    private double _rows;
    private double _absoluteError;
    private double _squaredError;
    private double _loss;
    private double _labels;
    private double _squaredLabels;

    public void Add(float label, float score)
    {
        double error = Math.Abs((double)label - score);
        float difference = score - label;
        _rows++;
        _absoluteError += error;
        _squaredError += error * error;
        _loss += difference * difference;
        _labels += label;
        _squaredLabels += label * label;
    }

    public RegressionMetrics ToMetrics()
    {
        if (_rows == 0)
        {
            return new RegressionMetrics(0, 0, 0, 0, 0);
        }

        double variation = _squaredLabels - _labels * _labels / _rows;
        return new RegressionMetrics(
            _absoluteError / _rows,
            _squaredError / _rows,
            Math.Sqrt(_squaredError / _rows),
            _loss / _rows,
            variation == 0 ? double.NaN : 1 - _squaredError / variation);
    }
}
