namespace Microsoft.ML.Trainers;

/// <summary>The last steps s and gradient differences y of an L-BFGS search, the oldest first.</summary>
internal sealed class LbfgsHistory(int size)
{
    private readonly List<(double[] S, double[] Y, double Curvature)> _pairs = [];

    public int Count => _pairs.Count;

    public void Clear() => _pairs.Clear();

    /// <summary>Remembers a pair; one without positive curvature s.y tells nothing of a convex function and is left out.</summary>
    public void Add(double[] s, double[] y)
    {
        double curvature = Dot(s, y);
        if (curvature > double.Epsilon)
        {
            if (_pairs.Count == size)
            {
                _pairs.RemoveAt(0);
            }

            _pairs.Add((s, y, curvature));
        }
    }

    /// <summary>The approximate inverse Hessian times a vector: the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4).</summary>
    public double[] ApplyInverseHessian(double[] vector)
    {
        double[] result = [.. vector];
        var alphas = new double[_pairs.Count];
        for (int i = _pairs.Count - 1; i >= 0; i--)
        {
            (double[] s, double[] y, double curvature) = _pairs[i];
            alphas[i] = Dot(s, result) / curvature;
            AddScaled(result, -alphas[i], y);
        }

        (_, double[] lastY, double lastCurvature) = _pairs[^1];
        double scale = lastCurvature / Dot(lastY, lastY);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] *= scale;
        }

        for (int i = 0; i < _pairs.Count; i++)
        {
            (double[] s, double[] y, double curvature) = _pairs[i];
            AddScaled(result, alphas[i] - Dot(y, result) / curvature, s);
        }

        return result;
    }

    private static void AddScaled(double[] target, double factor, double[] vector)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * vector[i];
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
