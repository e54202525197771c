using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Convolution as a sum over the window, output by output.</summary>
internal sealed class ConvolutionLayerOracle(Conv2D layer) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        for (int i = 0; layer.UseBias && i < y.Length; i++)
        {
            y[i] = call.Parameters[1][i % layer.Filters];
        }

        ForEachProduct(call, (x, w, output) => y[output] += call.Inputs[0][x] * call.Parameters[0][w]);
        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        ForEachProduct(call, (x, w, output) =>
        {
            gradients.Inputs[0][x] += dy[output] * call.Parameters[0][w];
            gradients.Parameters[0]![w] += dy[output] * call.Inputs[0][x];
        });
        for (int i = 0; layer.UseBias && i < dy.Length; i++)
        {
            gradients.Parameters[1]![i % layer.Filters] += dy[i];
        }

        return gradients;
    }

    private void ForEachProduct(OracleCall call, Action<int, int, int> visit)
    {
        Shape from = call.InputShapes[0];
        Shape to = call.OutputShape;
        int groupInputs = from.Channels / layer.Groups;
        int groupOutputs = layer.Filters / layer.Groups;
        int top = Before(from.Height, to.Height, layer.KernelSize.Height, layer.Stride.Height, layer.Dilation.Height, layer.Padding.Top);
        int left = Before(from.Width, to.Width, layer.KernelSize.Width, layer.Stride.Width, layer.Dilation.Width, layer.Padding.Left);
        foreach ((int n, int i, int j, int o) in Positions(call.Batch, to))
        {
            for (int u = 0; u < layer.KernelSize.Height; u++)
            {
                int row = (i * layer.Stride.Height) + (u * layer.Dilation.Height) - top;
                for (int v = 0; v < layer.KernelSize.Width; v++)
                {
                    int column = (j * layer.Stride.Width) + (v * layer.Dilation.Width) - left;
                    if (row < 0 || row >= from.Height || column < 0 || column >= from.Width)
                    {
                        continue;
                    }

                    for (int c = 0; c < groupInputs; c++)
                    {
                        int channel = (o / groupOutputs * groupInputs) + c;
                        visit(
                            (((((n * from.Height) + row) * from.Width) + column) * from.Channels) + channel,
                            (((((u * layer.KernelSize.Width) + v) * groupInputs) + c) * layer.Filters) + o,
                            (((((n * to.Height) + i) * to.Width) + j) * to.Channels) + o);
                    }
                }
            }
        }
    }

    private int Before(int input, int output, int window, int stride, int dilation, int given)
    {
        int total = ((output - 1) * stride) + ((window - 1) * dilation) + 1 - input;
        return layer.Padding.IsSame ? Math.Max(total, 0) / 2 : given;
    }

    private static IEnumerable<(int N, int I, int J, int O)> Positions(int batch, Shape shape)
    {
        for (int n = 0; n < batch; n++)
        {
            for (int i = 0; i < shape.Height; i++)
            {
                for (int j = 0; j < shape.Width; j++)
                {
                    for (int o = 0; o < shape.Channels; o++)
                    {
                        yield return (n, i, j, o);
                    }
                }
            }
        }
    }
}
