namespace Microsoft.ML.Trainers;

/// <summary>
/// The mean softmax cross-entropy of a linear classifier with an L2 penalty on its weights, and its gradient. Parameters are one
/// bias a class, then one weight a feature, class by class. The rows are divided into parts by their number alone, so that the
/// result does not depend on how many threads compute them.
/// </summary>
internal sealed class MaximumEntropyObjective
{
    private const int LeastRowsPerPart = 1000;
    private const int MostParts = 16;

    private readonly TrainingMatrix _data;
    private readonly int _classCount;
    private readonly double _l2Weight;
    private readonly ClassMatrix _weights;
    private readonly MaximumEntropyPart[] _parts;

    public MaximumEntropyObjective(TrainingMatrix data, int classCount, double l2Weight)
    {
        _data = data;
        _classCount = classCount;
        _l2Weight = l2Weight;
        _weights = new ClassMatrix(data.FeatureCount, classCount);
        int parts = Math.Clamp(data.RowCount / LeastRowsPerPart, 1, MostParts);
        _parts =
        [
            .. Enumerable.Range(0, parts).Select(i => new MaximumEntropyPart(
                data, classCount, (int)((long)i * data.RowCount / parts), (int)((i + 1L) * data.RowCount / parts))),
        ];
    }

    public double Evaluate(double[] parameters, double[] gradient)
    {
        _weights.Read(parameters.AsSpan(_classCount));
        Parallel.ForEach(_parts, part => part.Evaluate(_weights, parameters));
        Array.Clear(gradient);
        double loss = 0;
        foreach (MaximumEntropyPart part in _parts)
        {
            loss += part.Loss;
            part.AddGradientTo(gradient);
        }

        for (int i = _classCount; i < parameters.Length; i++)
        {
            loss += _l2Weight / 2 * parameters[i] * parameters[i];
            gradient[i] += _l2Weight * parameters[i];
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] /= _data.WeightSum;
        }

        return loss / _data.WeightSum;
    }
}
