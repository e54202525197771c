using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Batch normalisation, channel by channel; the gradient as Ioffe and Szegedy (2015) give it.</summary>
internal sealed class BatchNormLayerOracle(BatchNorm layer) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Inputs[0].Length];
        for (int c = 0; c < call.OutputShape.Channels; c++)
        {
            (double mean, double deviation) = Statistics(call, c);
            for (int i = c; i < y.Length; i += call.OutputShape.Channels)
            {
                y[i] = (call.Parameters[0][c] * (call.Inputs[0][i] - mean) / deviation) + call.Parameters[1][c];
            }
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        Assert.IsTrue(call.IsTraining);
        int channels = call.OutputShape.Channels;
        double rows = (double)dy.Length / channels;
        double[] dx = new double[dy.Length];
        double[] dGamma = new double[channels];
        double[] dBeta = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            (double mean, double deviation) = Statistics(call, c);
            for (int i = c; i < dy.Length; i += channels)
            {
                dGamma[c] += dy[i] * (call.Inputs[0][i] - mean) / deviation;
                dBeta[c] += dy[i];
            }

            for (int i = c; i < dy.Length; i += channels)
            {
                double normalized = (call.Inputs[0][i] - mean) / deviation;
                dx[i] = call.Parameters[0][c] / deviation * (dy[i] - ((dBeta[c] + (normalized * dGamma[c])) / rows));
            }
        }

        return new OracleGradients([dx], [dGamma, dBeta, null, null]);
    }

    private (double Mean, double Deviation) Statistics(OracleCall call, int channel)
    {
        if (!call.IsTraining)
        {
            return (call.Parameters[2][channel], Math.Sqrt(call.Parameters[3][channel] + layer.Epsilon));
        }

        int channels = call.OutputShape.Channels;
        double[] values = [.. call.Inputs[0].Where((_, i) => i % channels == channel)];
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + layer.Epsilon));
    }
}
