using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Products of matrices, element by element, vectors taken as matrices of one row or column.</summary>
internal sealed class MatMulLayerOracle : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        ForEachTerm(call, (at, left, right) => y[at] += call.Inputs[0][left] * call.Inputs[1][right]);
        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        ForEachTerm(call, (at, left, right) =>
        {
            gradients.Inputs[0][left] += dy[at] * call.Inputs[1][right];
            gradients.Inputs[1][right] += dy[at] * call.Inputs[0][left];
        });
        return gradients;
    }

    private static void ForEachTerm(OracleCall call, Action<int, int, int> visit)
    {
        Shape left = call.InputShapes[0];
        Shape right = call.InputShapes[1];
        left = left.Rank == 1 ? [1, left[0]] : left;
        right = right.Rank == 1 ? [right[0], 1] : right;
        int rank = Math.Max(left.Rank, right.Rank);
        left = new Shape([.. Enumerable.Repeat(1, rank - left.Rank), .. left]);
        right = new Shape([.. Enumerable.Repeat(1, rank - right.Rank), .. right]);
        Shape output = new([.. left.Zip(right, Math.Max).SkipLast(2), left[rank - 2], right[rank - 1]]);
        for (int at = 0; at < call.Batch * output.ElementCount; at++)
        {
            int sample = at / output.ElementCount;
            int[] place = Places.Of(output, at % output.ElementCount);
            for (int k = 0; k < left[rank - 1]; k++)
            {
                int[] ofLeft = [.. place[..^1], k];
                int[] ofRight = [.. place[..^2], k, place[^1]];
                visit(
                    at,
                    (sample * left.ElementCount) + Places.Broadcast(left, ofLeft),
                    (sample * right.ElementCount) + Places.Broadcast(right, ofRight));
            }
        }
    }
}
