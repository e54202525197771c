namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Softmax, row by row.</summary>
internal sealed class SoftmaxLayerOracle : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        int classes = call.OutputShape.Channels;
        double[] y = new double[call.Inputs[0].Length];
        for (int row = 0; row < y.Length; row += classes)
        {
            double sum = call.Inputs[0].Skip(row).Take(classes).Sum(Math.Exp);
            for (int i = row; i < row + classes; i++)
            {
                y[i] = Math.Exp(call.Inputs[0][i]) / sum;
            }
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        int classes = call.OutputShape.Channels;
        double[] y = Forward(call);
        double[] dx = new double[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int row = i / classes * classes;
            for (int j = row; j < row + classes; j++)
            {
                // The derivative of output j by input i.
                dx[i] += dy[j] * y[j] * ((i == j ? 1 : 0) - y[i]);
            }
        }

        return new OracleGradients([dx], []);
    }
}
