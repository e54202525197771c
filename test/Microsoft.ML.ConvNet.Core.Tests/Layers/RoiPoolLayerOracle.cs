using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>The maxima of the bins of boxes, bin by bin.</summary>
internal sealed class RoiPoolLayerOracle(RoiPool2D layer) : LayerOracle
{
    public override double[] Forward(OracleCall call) =>
        [.. Bins(call).Select(bin => bin.Length == 0 ? 0 : bin.Max(at => call.Inputs[0][at]))];

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        foreach ((int[] bin, double gradient) in Bins(call).Zip(dy))
        {
            if (bin.Length > 0)
            {
                gradients.Inputs[0][bin.MaxBy(at => call.Inputs[0][at])] += gradient;
            }
        }

        return gradients;
    }

    private IEnumerable<int[]> Bins(OracleCall call)
    {
        Shape features = call.InputShapes[0];
        int boxes = call.InputShapes[1][0];
        for (int output = 0; output < call.Batch * call.OutputShape.ElementCount; output++)
        {
            int c = output % features.Channels;
            int column = output / features.Channels % layer.OutputSize.Width;
            int row = output / features.Channels / layer.OutputSize.Width % layer.OutputSize.Height;
            int box = output / features.Channels / layer.OutputSize.Width / layer.OutputSize.Height;
            double[] corners = [.. call.Inputs[1].Skip(4 * box).Take(4).Select(Rounded)];
            int[] rows = [.. Inside(corners[1], corners[3], row, layer.OutputSize.Height, features.Height)];
            int[] columns = [.. Inside(corners[0], corners[2], column, layer.OutputSize.Width, features.Width)];
            int image = box / boxes * features.Height;
            yield return
            [
                .. from h in rows
                   from w in columns
                   select ((((image + h) * features.Width) + w) * features.Channels) + c,
            ];
        }
    }

    private double Rounded(double corner) => Math.Round(corner * layer.SpatialScale, MidpointRounding.AwayFromZero);

    private static IEnumerable<int> Inside(double start, double last, int bin, int bins, int limit)
    {
        double length = Math.Max(last - start + 1, 1);
        double from = start + Math.Floor(bin * length / bins);
        double to = start + Math.Ceiling((bin + 1) * length / bins);
        return Enumerable.Range(0, limit).Where(at => at >= from && at < to);
    }
}
