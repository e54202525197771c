using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Group normalisation: each group of channels of each sample by itself.</summary>
internal sealed class GroupNormLayerOracle(Func<Shape, int> groupsOf, double epsilon) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Inputs[0].Length];
        foreach (int[] members in Groups(call))
        {
            (double mean, double deviation) = Statistics(call, members);
            foreach (int i in members)
            {
                int channel = i % call.OutputShape.Channels;
                y[i] = (call.Parameters[0][channel] * (call.Inputs[0][i] - mean) / deviation) + call.Parameters[1][channel];
            }
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        foreach (int[] members in Groups(call))
        {
            (double mean, double deviation) = Statistics(call, members);
            double[] normalized = [.. members.Select(i => (call.Inputs[0][i] - mean) / deviation)];
            double[] scaled = [.. members.Select(i => dy[i] * call.Parameters[0][i % call.OutputShape.Channels])];
            double first = scaled.Average();
            double second = scaled.Zip(normalized, (gradient, x) => gradient * x).Average();
            for (int k = 0; k < members.Length; k++)
            {
                int channel = members[k] % call.OutputShape.Channels;
                gradients.Inputs[0][members[k]] = (scaled[k] - first - (normalized[k] * second)) / deviation;
                gradients.Parameters[0]![channel] += dy[members[k]] * normalized[k];
                gradients.Parameters[1]![channel] += dy[members[k]];
            }
        }

        return gradients;
    }

    private (double Mean, double Deviation) Statistics(OracleCall call, int[] members)
    {
        double mean = members.Average(i => call.Inputs[0][i]);
        return (mean, Math.Sqrt(members.Average(i => (call.Inputs[0][i] - mean) * (call.Inputs[0][i] - mean)) + epsilon));
    }

    // The places of the numbers of each group of each sample.
    private IEnumerable<int[]> Groups(OracleCall call)
    {
        int channels = call.OutputShape.Channels;
        int width = channels / groupsOf(call.OutputShape);
        return Enumerable.Range(0, call.Inputs[0].Length)
            .GroupBy(i => (Sample: i / call.OutputShape.ElementCount, Group: i % channels / width))
            .Select(group => group.ToArray());
    }
}
