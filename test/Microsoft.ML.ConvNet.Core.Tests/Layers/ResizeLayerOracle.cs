using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Interpolation, output by output.</summary>
internal sealed class ResizeLayerOracle(
    ResizeMode mode, ResizeCoordinates coordinates, NearestRounding rounding, double vertical = 0, double horizontal = 0) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        foreach ((int input, int output, double weight) in Terms(call))
        {
            y[output] += weight * call.Inputs[0][input];
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        foreach ((int input, int output, double weight) in Terms(call))
        {
            gradients.Inputs[0][input] += weight * dy[output];
        }

        return gradients;
    }

    private IEnumerable<(int Input, int Output, double Weight)> Terms(OracleCall call)
    {
        Shape from = call.InputShapes[0];
        Shape to = call.OutputShape;
        for (int output = 0; output < call.Batch * to.ElementCount; output++)
        {
            int c = output % to.Channels;
            int column = output / to.Channels % to.Width;
            int row = output / to.Channels / to.Width % to.Height;
            int n = output / to.ElementCount;
            foreach ((int h, double down) in Pixels(row, from.Height, to.Height, vertical))
            {
                foreach ((int w, double across) in Pixels(column, from.Width, to.Width, horizontal))
                {
                    yield return ((((((n * from.Height) + h) * from.Width) + w) * from.Channels) + c, output, down * across);
                }
            }
        }
    }

    private IEnumerable<(int Pixel, double Weight)> Pixels(int output, int from, int to, double scale)
    {
        double factor = scale == 0 ? (double)to / from : scale;
        double at = coordinates switch
        {
            ResizeCoordinates.HalfPixel => ((output + 0.5) / factor) - 0.5,
            ResizeCoordinates.AlignCorners => to == 1 ? 0 : (double)output * (from - 1) / (to - 1),
            _ => output / factor,
        };
        if (mode == ResizeMode.Bilinear)
        {
            double lower = Math.Floor(at);
            yield return (Inside(lower, from), 1 - (at - lower));
            yield return (Inside(lower + 1, from), at - lower);
            yield break;
        }

        double nearest = rounding switch
        {
            NearestRounding.RoundPreferFloor => Math.Ceiling(at - 0.5),
            NearestRounding.RoundPreferCeil => Math.Floor(at + 0.5),
            NearestRounding.Floor => Math.Floor(at),
            _ => Math.Ceiling(at),
        };
        yield return (Inside(nearest, from), 1);
    }

    private static int Inside(double pixel, int size) => (int)Math.Clamp(pixel, 0, size - 1);
}
