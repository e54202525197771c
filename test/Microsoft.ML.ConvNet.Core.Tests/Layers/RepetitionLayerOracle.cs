using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Every pixel of an image repeated.</summary>
internal sealed class RepetitionLayerOracle(Size2D scale) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        for (int output = 0; output < y.Length; output++)
        {
            y[output] = call.Inputs[0][InputOf(call, output)];
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        for (int output = 0; output < dy.Length; output++)
        {
            gradients.Inputs[0][InputOf(call, output)] += dy[output];
        }

        return gradients;
    }

    private int InputOf(OracleCall call, int output)
    {
        Shape from = call.InputShapes[0];
        Shape to = call.OutputShape;
        int column = output / to.Channels % to.Width / scale.Width;
        int row = output / to.Channels / to.Width % to.Height / scale.Height;
        int n = output / to.ElementCount;
        return (((((n * from.Height) + row) * from.Width) + column) * from.Channels) + (output % to.Channels);
    }
}
