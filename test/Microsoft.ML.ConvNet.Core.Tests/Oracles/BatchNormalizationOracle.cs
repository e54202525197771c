namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

/// <summary>Batch normalisation of a matrix [rows, channels] by definition, in double.</summary>
internal static class BatchNormalizationOracle
{
    public static (double[] Mean, double[] Variance) Statistics(int rows, int channels, double[] x)
    {
        double[] mean = new double[channels];
        double[] variance = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            mean[i % channels] += x[i] / rows;
        }

        for (int i = 0; i < x.Length; i++)
        {
            double deviation = x[i] - mean[i % channels];
            variance[i % channels] += deviation * deviation / rows;
        }

        return (mean, variance);
    }

    public static double[] Forward(int rows, int channels, double[] x, double[] gamma, double[] beta, double epsilon)
    {
        (double[] mean, double[] variance) = Statistics(rows, channels, x);
        double[] y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % channels;
            y[i] = (gamma[c] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon)) + beta[c];
        }

        return y;
    }

    public static (double[] Dx, double[] Dgamma, double[] Dbeta) Backward(
        int rows, int channels, double[] x, double[] dy, double[] gamma, double epsilon)
    {
        (double[] mean, double[] variance) = Statistics(rows, channels, x);
        double[] dgamma = new double[channels];
        double[] dbeta = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % channels;
            dgamma[c] += dy[i] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon);
            dbeta[c] += dy[i];
        }

        double[] dx = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % channels;
            double deviation = Math.Sqrt(variance[c] + epsilon);
            double normalized = (x[i] - mean[c]) / deviation;
            dx[i] = gamma[c] / deviation * (dy[i] - (dbeta[c] / rows) - (normalized * dgamma[c] / rows));
        }

        return (dx, dgamma, dbeta);
    }
}
