using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Means, sums and extrema over axes, by collecting the elements of each output.</summary>
internal sealed class ReduceLayerOracle(Reduce layer) : LayerOracle
{
    public override double[] Forward(OracleCall call) => [.. Groups(call).Select(group =>
    {
        double[] elements = [.. group.Select(at => call.Inputs[0][at])];
        return layer.Function switch
        {
            ReduceFunction.Mean => elements.Average(),
            ReduceFunction.Sum => elements.Sum(),
            ReduceFunction.Max => elements.Max(),
            _ => elements.Min(),
        };
    })];

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        double[] y = Forward(call);
        List<int>[] groups = Groups(call);
        for (int i = 0; i < groups.Length; i++)
        {
            bool isExtremum = layer.Function is ReduceFunction.Max or ReduceFunction.Min;
            int[] moved = [.. groups[i].Where(at => !isExtremum || call.Inputs[0][at] == y[i])];
            foreach (int at in moved)
            {
                gradients.Inputs[0][at] += layer.Function == ReduceFunction.Sum ? dy[i] : dy[i] / moved.Length;
            }
        }

        return gradients;
    }

    private List<int>[] Groups(OracleCall call)
    {
        Shape input = call.InputShapes[0];
        bool[] reduced = new bool[input.Rank];
        foreach (int axis in layer.Axes)
        {
            reduced[axis < 0 ? axis + input.Rank : axis] = true;
        }

        Shape kept = new([.. input.Select((length, axis) => reduced[axis] ? 1 : length)]);
        List<int>[] groups = [.. Enumerable.Range(0, call.Batch * kept.ElementCount).Select(_ => new List<int>())];
        for (int at = 0; at < call.Inputs[0].Length; at++)
        {
            int group = Places.Broadcast(kept, Places.Of(input, at % input.ElementCount));
            groups[(at / input.ElementCount * kept.ElementCount) + group].Add(at);
        }

        return groups;
    }
}
