using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Samples of the bins of boxes, bin by bin.</summary>
internal sealed class RoiAlignLayerOracle(RoiAlign2D layer) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        for (int output = 0; output < y.Length; output++)
        {
            y[output] = TermsOf(call, output).Sum(term => term.Weight * call.Inputs[0][term.Input]);
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        for (int output = 0; output < dy.Length; output++)
        {
            foreach ((int input, double weight) in TermsOf(call, output))
            {
                gradients.Inputs[0][input] += weight * dy[output];
            }
        }

        return gradients;
    }

    // What an output is the sum of: all neighbours of its samples for the mean, one for the maximum.
    private IEnumerable<(int Input, double Weight)> TermsOf(OracleCall call, int output)
    {
        Shape features = call.InputShapes[0];
        int c = output % features.Channels;
        int column = output / features.Channels % layer.OutputSize.Width;
        int row = output / features.Channels / layer.OutputSize.Width % layer.OutputSize.Height;
        int box = output / features.Channels / layer.OutputSize.Width / layer.OutputSize.Height;
        double[] corners = [.. call.Inputs[1].Skip(4 * box).Take(4).Select(corner => (corner * layer.SpatialScale) - (layer.Aligned ? 0.5 : 0))];
        double[] rows = [.. Samples(corners[1], corners[3], row, layer.OutputSize.Height)];
        double[] columns = [.. Samples(corners[0], corners[2], column, layer.OutputSize.Width)];
        int image = box / call.InputShapes[1][0] * features.Height;
        List<(int Input, double Weight)> terms =
        [
            .. from y in rows
               from x in columns
               from down in Neighbours(y, features.Height)
               from across in Neighbours(x, features.Width)
               select (
                   ((((image + down.Pixel) * features.Width) + across.Pixel) * features.Channels) + c,
                   y < -1 || y > features.Height || x < -1 || x > features.Width ? 0 : down.Weight * across.Weight),
        ];
        if (layer.Mode == RoiAlignMode.Maximum)
        {
            return terms.Count == 0 ? [] : [terms.MaxBy(term => term.Weight * call.Inputs[0][term.Input])];
        }

        return terms.Select(term => (term.Input, term.Weight / Math.Max(rows.Length * columns.Length, 1)));
    }

    private IEnumerable<double> Samples(double start, double end, int bin, int bins)
    {
        double length = layer.Aligned ? end - start : Math.Max(end - start, 1);
        double count = layer.SamplingRatio > 0 ? layer.SamplingRatio : Math.Max(Math.Ceiling(length / bins), 0);
        return Enumerable.Range(0, (int)count).Select(sample => start + (length / bins * (bin + ((sample + 0.5) / count))));
    }

    private static IEnumerable<(int Pixel, double Weight)> Neighbours(double position, int limit)
    {
        double inside = Math.Clamp(position, 0, limit - 1);
        int lower = (int)inside;
        return [(lower, 1 - (inside - lower)), (Math.Min(lower + 1, limit - 1), inside - lower)];
    }
}
