using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Transposed convolution: every input pixel adds its multiple of the kernel to the output.</summary>
internal sealed class TransposedConvolutionLayerOracle(ConvTranspose2D layer) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        for (int i = 0; layer.UseBias && i < y.Length; i++)
        {
            y[i] = call.Parameters[1][i % layer.Filters];
        }

        foreach ((int x, int w, int output) in Products(call))
        {
            y[output] += call.Inputs[0][x] * call.Parameters[0][w];
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        foreach ((int x, int w, int output) in Products(call))
        {
            gradients.Inputs[0][x] += dy[output] * call.Parameters[0][w];
            gradients.Parameters[0]![w] += dy[output] * call.Inputs[0][x];
        }

        for (int i = 0; layer.UseBias && i < dy.Length; i++)
        {
            gradients.Parameters[1]![i % layer.Filters] += dy[i];
        }

        return gradients;
    }

    private IEnumerable<(int X, int W, int Output)> Products(OracleCall call)
    {
        Shape from = call.InputShapes[0];
        Shape to = call.OutputShape;
        int groupInputs = from.Channels / layer.Groups;
        int groupOutputs = layer.Filters / layer.Groups;
        int top = Before(layer.KernelSize.Height, layer.Stride.Height, layer.Dilation.Height, layer.Padding.Top);
        int left = Before(layer.KernelSize.Width, layer.Stride.Width, layer.Dilation.Width, layer.Padding.Left);
        for (int x = 0; x < call.Inputs[0].Length; x++)
        {
            int c = x % from.Channels;
            int j = x / from.Channels % from.Width;
            int i = x / from.Channels / from.Width % from.Height;
            int n = x / from.ElementCount;
            for (int w = 0; w < call.Parameters[0].Length; w += from.Channels)
            {
                int o = w / from.Channels % groupOutputs;
                int v = w / from.Channels / groupOutputs % layer.KernelSize.Width;
                int u = w / from.Channels / groupOutputs / layer.KernelSize.Width;
                int row = (i * layer.Stride.Height) + (u * layer.Dilation.Height) - top;
                int column = (j * layer.Stride.Width) + (v * layer.Dilation.Width) - left;
                if (row >= 0 && row < to.Height && column >= 0 && column < to.Width)
                {
                    int channel = (c / groupInputs * groupOutputs) + o;
                    yield return (x, w + c, (((((n * to.Height) + row) * to.Width) + column) * to.Channels) + channel);
                }
            }
        }
    }

    private int Before(int window, int stride, int dilation, int given) =>
        layer.Padding.IsSame ? Math.Max(((window - 1) * dilation) + 1 - stride, 0) / 2 : given;
}
