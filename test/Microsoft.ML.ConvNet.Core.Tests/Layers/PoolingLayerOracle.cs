using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Pooling, window by window: the maximum, or the mean.</summary>
internal sealed class PoolingLayerOracle(Layer layer, bool isMaximum) : LayerOracle
{
    private bool CountsPadding => layer is AvgPool2D { CountIncludesPadding: true };

    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        double[] x = call.Inputs[0];
        foreach ((int output, int[] window, double divisor) in Windows(call))
        {
            y[output] = isMaximum ? window.Max(at => x[at]) : window.Sum(at => x[at]) / divisor;
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        double[] x = call.Inputs[0];
        foreach ((int output, int[] window, double divisor) in Windows(call))
        {
            if (isMaximum)
            {
                gradients.Inputs[0][window.MaxBy(at => x[at])] += dy[output];
            }
            else
            {
                foreach (int at in window)
                {
                    gradients.Inputs[0][at] += dy[output] / divisor;
                }
            }
        }

        return gradients;
    }

    private IEnumerable<(int Output, int[] Window, double Divisor)> Windows(OracleCall call)
    {
        (PoolingAxis vertical, PoolingAxis horizontal) = PoolingAxis.Of(layer, call);
        Shape shape = call.InputShapes[0];
        int output = 0;
        for (int n = 0; n < call.Batch; n++)
        {
            for (int i = 0; i < vertical.Output; i++)
            {
                for (int j = 0; j < horizontal.Output; j++)
                {
                    for (int c = 0; c < shape.Channels; c++)
                    {
                        int[] window =
                        [
                            .. from row in vertical.Inside(i)
                               from column in horizontal.Inside(j)
                               select (((((n * shape.Height) + row) * shape.Width) + column) * shape.Channels) + c,
                        ];
                        int area = vertical.InsidePadded(i) * horizontal.InsidePadded(j);
                        yield return (output++, window, CountsPadding ? area : window.Length);
                    }
                }
            }
        }
    }
}
