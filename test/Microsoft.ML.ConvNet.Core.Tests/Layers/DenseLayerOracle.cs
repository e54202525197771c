using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>y = x W + b, element by element.</summary>
internal sealed class DenseLayerOracle(Dense layer) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        int inputs = call.InputShapes[0].ElementCount;
        double[] y = new double[call.Batch * layer.Units];
        for (int i = 0; i < y.Length; i++)
        {
            (int n, int o) = (i / layer.Units, i % layer.Units);
            y[i] = layer.UseBias ? call.Parameters[1][o] : 0;
            for (int k = 0; k < inputs; k++)
            {
                y[i] += call.Inputs[0][(n * inputs) + k] * call.Parameters[0][(k * layer.Units) + o];
            }
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        int inputs = call.InputShapes[0].ElementCount;
        OracleGradients gradients = Zeros(call);
        for (int i = 0; i < dy.Length; i++)
        {
            (int n, int o) = (i / layer.Units, i % layer.Units);
            for (int k = 0; k < inputs; k++)
            {
                gradients.Inputs[0][(n * inputs) + k] += dy[i] * call.Parameters[0][(k * layer.Units) + o];
                gradients.Parameters[0]![(k * layer.Units) + o] += dy[i] * call.Inputs[0][(n * inputs) + k];
            }

            if (layer.UseBias)
            {
                gradients.Parameters[1]![o] += dy[i];
            }
        }

        return gradients;
    }
}
