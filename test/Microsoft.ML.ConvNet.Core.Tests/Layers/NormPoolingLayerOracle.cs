using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>The norm of each window.</summary>
internal sealed class NormPoolingLayerOracle(LpPool2D layer) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        foreach ((int output, int[] window) in Windows(call))
        {
            y[output] = Math.Pow(window.Sum(at => Math.Pow(Math.Abs(call.Inputs[0][at]), layer.P)), 1.0 / layer.P);
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        double[] y = Forward(call);
        foreach ((int output, int[] window) in Windows(call))
        {
            foreach (int at in window)
            {
                double x = call.Inputs[0][at];
                gradients.Inputs[0][at] += dy[output] * Math.Sign(x) * Math.Pow(Math.Abs(x) / y[output], layer.P - 1);
            }
        }

        return gradients;
    }

    private IEnumerable<(int Output, int[] Window)> Windows(OracleCall call)
    {
        (PoolingAxis vertical, PoolingAxis horizontal) = PoolingAxis.Of(layer, call);
        Shape input = call.InputShapes[0];
        Shape to = call.OutputShape;
        for (int output = 0; output < call.Batch * to.ElementCount; output++)
        {
            int n = output / to.ElementCount;
            int i = output / to.Channels / to.Width % to.Height;
            int j = output / to.Channels % to.Width;
            yield return (
                output,
                [
                    .. from row in vertical.Inside(i)
                       from column in horizontal.Inside(j)
                       select (((((n * input.Height) + row) * input.Width) + column) * input.Channels) + (output % to.Channels),
                ]);
        }
    }
}
