namespace Microsoft.ML.Trainers;

/// <summary>The share of a range of rows in the loss of a maximum entropy classifier and in its gradient.</summary>
internal sealed class MaximumEntropyPart(TrainingMatrix data, int classCount, int firstRow, int endRow)
{
    private readonly ClassMatrix _weightGradient = new(data.FeatureCount, classCount);
    private readonly double[] _biasGradient = new double[classCount];
    private readonly float[] _products = new float[ClassMatrix.PaddedCount(classCount)];
    private readonly double[] _scores = new double[classCount];

    public double Loss { get; private set; }

    /// <param name="weights">The weights of the features.</param>
    /// <param name="biases">The biases are its first elements.</param>
    public void Evaluate(ClassMatrix weights, double[] biases)
    {
        _weightGradient.Clear();
        Array.Clear(_biasGradient);
        Loss = 0;
        for (int row = firstRow; row < endRow; row++)
        {
            ReadOnlySpan<int> features = data.FeaturesOf(row);
            ReadOnlySpan<float> values = data.ValuesOf(row);
            weights.Multiply(features, values, _products);
            Loss += Softmax(row, biases);
            _weightGradient.AddProducts(features, values, _products);
        }
    }

    /// <summary>Adds the gradient of the biases, and behind it that of the weights.</summary>
    public void AddGradientTo(double[] gradient)
    {
        for (int c = 0; c < classCount; c++)
        {
            gradient[c] += _biasGradient[c];
        }

        _weightGradient.AddTo(gradient.AsSpan(classCount));
    }

    /// <summary>The loss of a row; its products become the errors, probability less truth, times the weight of the row.</summary>
    private double Softmax(int row, double[] biases)
    {
        int label = data.LabelOf(row);
        double weight = data.WeightOf(row);
        double largest = double.NegativeInfinity;
        for (int c = 0; c < _scores.Length; c++)
        {
            _scores[c] = biases[c] + _products[c];
            largest = Math.Max(largest, _scores[c]);
        }

        double truth = _scores[label] - largest;
        double sum = 0;
        for (int c = 0; c < _scores.Length; c++)
        {
            _scores[c] = Math.Exp(_scores[c] - largest);
            sum += _scores[c];
        }

        double scale = weight / sum;
        for (int c = 0; c < _scores.Length; c++)
        {
            double error = scale * _scores[c] - (c == label ? weight : 0);
            _products[c] = (float)error;
            _biasGradient[c] += error;
        }

        return weight * (Math.Log(sum) - truth);
    }
}
