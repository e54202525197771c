namespace Microsoft.ML.Trainers;

/// <summary>
/// The mean softmax cross-entropy of a linear classifier with an L2 penalty on its weights, and its gradient. Parameters are one
/// bias a class, then one weight a feature, class by class.
/// </summary>
internal sealed class MaximumEntropyObjective(TrainingMatrix data, int classCount, double l2Weight)
{
    // Single-precision sums over so many rows are added up in double precision.
    private const int RowsPerSum = 1024;

    private readonly ClassMatrix _weights = new(data.FeatureCount, classCount);
    private readonly ClassMatrix _sums = new(data.FeatureCount, classCount);
    private readonly float[] _products = new float[ClassMatrix.PaddedCount(classCount)];
    private readonly double[] _scores = new double[classCount];

    public double Evaluate(double[] parameters, double[] gradient)
    {
        for (int c = 0, i = classCount; c < classCount; c++)
        {
            for (int j = 0; j < data.FeatureCount; j++, i++)
            {
                _weights[j, c] = (float)parameters[i];
            }
        }

        Array.Clear(gradient);
        double loss = 0;
        for (int start = 0; start < data.RowCount; start += RowsPerSum)
        {
            _sums.Clear();
            for (int row = start; row < Math.Min(data.RowCount, start + RowsPerSum); row++)
            {
                ReadOnlySpan<int> features = data.FeaturesOf(row);
                ReadOnlySpan<float> values = data.ValuesOf(row);
                _weights.Multiply(features, values, _products);
                loss += Softmax(row, parameters, gradient);
                _sums.AddProducts(features, values, _products);
            }

            for (int c = 0, i = classCount; c < classCount; c++)
            {
                for (int j = 0; j < data.FeatureCount; j++, i++)
                {
                    gradient[i] += _sums[j, c];
                }
            }
        }

        for (int i = classCount; i < parameters.Length; i++)
        {
            loss += l2Weight / 2 * parameters[i] * parameters[i];
            gradient[i] += l2Weight * parameters[i];
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] /= data.WeightSum;
        }

        return loss / data.WeightSum;
    }

    /// <summary>The loss of a row; its products become the errors, probability less truth, times the weight of the row.</summary>
    private double Softmax(int row, double[] parameters, double[] gradient)
    {
        int label = data.LabelOf(row);
        double weight = data.WeightOf(row);
        double largest = double.NegativeInfinity;
        for (int c = 0; c < classCount; c++)
        {
            _scores[c] = parameters[c] + _products[c];
            largest = Math.Max(largest, _scores[c]);
        }

        double truth = _scores[label] - largest;
        double sum = 0;
        for (int c = 0; c < classCount; c++)
        {
            _scores[c] = Math.Exp(_scores[c] - largest);
            sum += _scores[c];
        }

        for (int c = 0; c < classCount; c++)
        {
            double error = weight * (_scores[c] / sum - (c == label ? 1 : 0));
            _products[c] = (float)error;
            gradient[c] += error;
        }

        return weight * (Math.Log(sum) - truth);
    }
}
