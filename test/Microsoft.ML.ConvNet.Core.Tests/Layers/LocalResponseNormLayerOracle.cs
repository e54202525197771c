using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Local response normalisation, number by number; the gradient from every output to every input of its window.</summary>
internal sealed class LocalResponseNormLayerOracle(LocalResponseNorm layer) : LayerOracle
{
    public override double[] Forward(OracleCall call) =>
        [.. call.Inputs[0].Select((x, i) => x * Math.Pow(Scale(call, i), -layer.Beta))];

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        double[] x = call.Inputs[0];
        double[] dx = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double scale = Scale(call, i);
            dx[i] += dy[i] * Math.Pow(scale, -layer.Beta);
            foreach (int j in Window(call, i))
            {
                // The derivative of the scale by its input j is 2 alpha / size times that input.
                double byScale = -layer.Beta * x[i] * Math.Pow(scale, -layer.Beta - 1);
                dx[j] += dy[i] * byScale * 2 * layer.Alpha / layer.Size * x[j];
            }
        }

        return new OracleGradients([dx], []);
    }

    private double Scale(OracleCall call, int index) =>
        layer.K + ((double)layer.Alpha / layer.Size * Window(call, index).Sum(j => call.Inputs[0][j] * call.Inputs[0][j]));

    private IEnumerable<int> Window(OracleCall call, int index)
    {
        int channels = call.OutputShape.Channels;
        int channel = index % channels;
        for (int j = channel - ((layer.Size - 1) / 2); j <= channel + (layer.Size / 2); j++)
        {
            if (j >= 0 && j < channels)
            {
                yield return index - channel + j;
            }
        }
    }
}
