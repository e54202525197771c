using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Places of elements in tensors that lie without gaps.</summary>
internal static class Places
{
    /// <summary>The place along each dimension of an element, by its number.</summary>
    public static int[] Of(Shape shape, int number)
    {
        int[] place = new int[shape.Rank];
        for (int i = shape.Rank - 1; i >= 0; i--)
        {
            place[i] = number % shape[i];
            number /= shape[i];
        }

        return place;
    }

    /// <summary>The number of the element at a place.</summary>
    public static int Number(Shape shape, int[] place)
    {
        int number = 0;
        for (int i = 0; i < shape.Rank; i++)
        {
            number = (number * shape[i]) + place[i];
        }

        return number;
    }

    /// <summary>The number of the element of an operand that is broadcast to a place.</summary>
    public static int Broadcast(Shape shape, int[] place) =>
        Number(shape, [.. place.Skip(place.Length - shape.Rank).Select((at, i) => shape[i] == 1 ? 0 : at)]);

    /// <summary>The numbers of the elements of an operand that is broadcast to a whole tensor, by the tensor's elements.</summary>
    public static int[] Broadcast(Shape shape, Shape full)
    {
        int[] numbers = new int[full.ElementCount];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Broadcast(shape, Of(full, i));
        }

        return numbers;
    }
}

/// <summary>A layer each of whose outputs is one element of one input, or a constant.</summary>
/// <param name="source">The input and the place in it of the element at a place of the output; a null place for the constant.</param>
/// <param name="constant">The constant.</param>
internal sealed class MovingLayerOracle(Func<OracleCall, int[], (int Input, int[]? Place)> source, double constant = 0) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        ForEach(call, (at, input, from) => y[at] = from < 0 ? constant : call.Inputs[input][from]);
        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        ForEach(call, (at, input, from) =>
        {
            if (from >= 0)
            {
                gradients.Inputs[input][from] += dy[at];
            }
        });
        return gradients;
    }

    private void ForEach(OracleCall call, Action<int, int, int> visit)
    {
        int count = call.OutputShape.ElementCount;
        for (int at = 0; at < call.Batch * count; at++)
        {
            (int input, int[]? place) = source(call, Places.Of(call.OutputShape, at % count));
            Shape shape = call.InputShapes[input];
            visit(at, input, place == null ? -1 : (at / count * shape.ElementCount) + Places.Number(shape, place));
        }
    }
}

/// <summary>A function of the elements of all inputs, broadcast to each other.</summary>
/// <param name="function">The function.</param>
/// <param name="derivatives">Its derivative by each of them.</param>
internal sealed class BroadcastLayerOracle(Func<double[], double> function, Func<double[], double[]> derivatives) : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        ForEach(call, (at, _, values) => y[at] = function(values));
        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        ForEach(call, (at, sources, values) =>
        {
            double[] slopes = derivatives(values);
            for (int input = 0; input < sources.Length; input++)
            {
                gradients.Inputs[input][sources[input]] += dy[at] * slopes[input];
            }
        });
        return gradients;
    }

    /// <summary>Goes through the elements of the output: its number, and of each input the number of its element and the element.</summary>
    private static void ForEach(OracleCall call, Action<int, int[], double[]> visit)
    {
        int count = call.OutputShape.ElementCount;
        int[][] places = [.. call.InputShapes.Select(shape => Places.Broadcast(shape, call.OutputShape))];
        int[] sources = new int[places.Length];
        double[] values = new double[places.Length];
        for (int at = 0; at < call.Batch * count; at++)
        {
            for (int input = 0; input < places.Length; input++)
            {
                sources[input] = (at / count * call.InputShapes[input].ElementCount) + places[input][at % count];
                values[input] = call.Inputs[input][sources[input]];
            }

            visit(at, sources, values);
        }
    }
}

/// <summary>Parameters as they are, for every sample.</summary>
internal sealed class ConstantLayerOracle(bool isTrainable) : LayerOracle
{
    public override double[] Forward(OracleCall call) =>
        [.. Enumerable.Repeat(call.Parameters[0], call.Batch).SelectMany(value => value)];

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        int count = call.Parameters[0].Length;
        return new([], [isTrainable ? [.. Enumerable.Range(0, count).Select(i => dy.Where((_, at) => at % count == i).Sum())] : null]);
    }
}
