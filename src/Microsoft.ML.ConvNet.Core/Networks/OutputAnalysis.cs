using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// Finds out what the outputs of a network are by construction: follows from the input on between which numbers the output of each layer
/// lies, whatever the input and the trained weights. So a softmax that was written as exp, sum and division, one that is clipped, scaled
/// or averaged, and sigmoids are recognised, which need no softmax.
/// </summary>
public sealed class OutputAnalysis
{
    private const double RoundingError = 1e-5;

    /// <summary>The most layers between a sum and what divides by it, or between two that may give the same numbers: a softmax has few.</summary>
    private const int MostSteps = 4;

    private readonly Network _network;
    private readonly Weights? _weights;
    private readonly ValueRange[] _ranges;
    private readonly int[] _sources;

    private OutputAnalysis(Network network, Weights? weights)
    {
        _network = network;
        _weights = weights;
        _ranges = new ValueRange[network.Nodes.Count];
        _sources = new int[network.Nodes.Count];
        for (int i = 0; i < _ranges.Length; i++)
        {
            _sources[i] = network.Nodes[i].Layer is Reshape or Flatten or Expand or Dropout ? Source(network.Nodes[i].Inputs[0]) : i;
            ValueRange[] inputs = [.. network.Nodes[i].Inputs.Select(input => input < 0 ? ValueRange.Any : _ranges[input])];
            _ranges[i] = Of(i, network.Nodes[i].Layer, inputs);
        }
    }

    /// <summary>
    /// What a network's outputs are: <see cref="OutputKind.Probabilities"/> where all of them lie from 0 to 1 by construction, or are
    /// multiples of what does; else <see cref="OutputKind.Logits"/>.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights, of which the constants count; without them any number is taken for a constant.</param>
    public static OutputKind Of(Network network, Weights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network, weights, network.Nodes.Count - 1);
    }

    /// <summary>What the output of one node is, an auxiliary output for instance.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights, of which the constants count; without them any number is taken for a constant.</param>
    /// <param name="node">The node's position in <see cref="Network.Nodes"/>.</param>
    public static OutputKind Of(Network network, Weights? weights, int node)
    {
        ArgumentNullException.ThrowIfNull(network);
        ValueRange range = new OutputAnalysis(network, weights)._ranges[node];
        bool isWithin = range.Low >= -RoundingError && range.High <= 1 + RoundingError;
        bool isMultiple = range is { IsOfProbabilities: true, IsBounded: true } && range.Low >= -RoundingError;
        return isWithin || isMultiple ? OutputKind.Probabilities : OutputKind.Logits;
    }

    private ValueRange Of(int index, Layer layer, ValueRange[] inputs) => layer switch
    {
        Softmax or Sigmoid or HardSigmoid => ValueRange.Probability,
        Compare => new ValueRange(0, 1),
        LogSoftmax => new ValueRange(double.NegativeInfinity, 0),
        Exp when IsLogarithm(_network.Nodes[index].Inputs[0]) => ValueRange.Probability,
        Tanh or Softsign => new ValueRange(-1, 1),
        Constant constant => OfConstant(index, constant),
        Reduce { Function: ReduceFunction.Sum } => OfSum(index, inputs[0]),
        Pad { Mode: PaddingMode.Constant } pad => inputs[0].Or(new ValueRange(pad.Value, pad.Value, pad.Value == 0)),
        AvgPool2D { CountIncludesPadding: true } or AvgPool1D { CountIncludesPadding: true } => inputs[0].Or(new ValueRange(0, 0, true)),
        Concat => inputs.Aggregate((left, right) => left.Or(right)),
        Where => inputs[1].Or(inputs[2]),
        BroadcastLayer or Add => OfOperands(index, layer, inputs),
        ActivationLayer => OfFunction(layer, inputs[0]),
        Reduce or Dropout or Flatten or Reshape or Permute or ChannelShuffle or Expand or Slice or Gather or Pad or MaxPool2D or MaxPool1D
            or AvgPool2D or AvgPool1D or GlobalAvgPool2D or GlobalAvgPool1D or GlobalMaxPool2D or AdaptiveAvgPool2D or AdaptiveMaxPool2D
            or Resize2D or Upsample2D => inputs[0],
        _ => ValueRange.Any,
    };

    private static ValueRange OfFunction(Layer layer, ValueRange input) => layer switch
    {
        ReLU => input.Map(value => Math.Max(value, 0)),
        ClippedReLU clipped => input.Map(value => Math.Clamp(value, 0, clipped.Maximum)),
        Scale scale => input.Map(value => value == 0 ? 0 : value * scale.Factor),
        Exp => input.Map(Math.Exp) with { IsOfProbabilities = false },
        Abs => input.IsNonNegative ? input : new ValueRange(0, Math.Max(Math.Abs(input.Low), Math.Abs(input.High))),
        Negate => new ValueRange(-input.High, -input.Low),
        Sqrt when input.IsNonNegative => input.Map(Math.Sqrt),
        Reciprocal when input.Low > 0 => new ValueRange(1 / input.High, 1 / input.Low),
        Softplus => new ValueRange(0, double.PositiveInfinity),
        _ => ValueRange.Any,
    };

    private ValueRange OfOperands(int index, Layer layer, ValueRange[] inputs)
    {
        if (layer is Divide or Multiply && IsShareOfSum(index, layer))
        {
            return ValueRange.Probability;
        }

        if (IsLogarithm(index))
        {
            return new ValueRange(double.NegativeInfinity, 0);
        }

        ValueRange range = inputs.Aggregate((left, right) => layer switch
        {
            Add => left.With(right, (a, b) => a + b),
            Subtract => left.With(right, (a, b) => a - b),
            Multiply => left.With(right, (a, b) => a == 0 || b == 0 ? 0 : a * b),
            Divide when right.Low > 0 || right.High < 0 => left.With(right, (a, b) => a / b),
            Maximum => left.With(right, Math.Max),
            Minimum => left.With(right, Math.Min),
            Power when left is { Low: >= 0, High: <= 1 } && right.Low >= 0 => new ValueRange(0, 1),
            _ => ValueRange.Any,
        });
        bool isMade = layer is not (Divide or Power) || inputs[0].IsOfProbabilities;
        return range with
        {
            IsOfProbabilities = isMade && inputs.Any(input => input.IsOfProbabilities)
                && inputs.Zip(_network.Nodes[index].Inputs).All(
                    input => input.First.IsOfProbabilities || (IsConstant(input.Second) && KeepsShares(layer, input.First))),
        };
    }

    /// <summary>
    /// Whether a constant beside probabilities leaves them what they are, up to a factor: a factor does, a limit from 0 to 1, and what is added
    /// against a division by zero; a number that shifts them does not.
    /// </summary>
    private static bool KeepsShares(Layer layer, ValueRange constant) => constant.IsNonNegative && layer switch
    {
        Multiply or Divide or Power => true,
        Maximum or Minimum => constant.High <= 1 + RoundingError,
        _ => constant.High <= RoundingError,
    };

    /// <summary>The numbers of a constant that training does not change.</summary>
    private ValueRange OfConstant(int index, Constant constant)
    {
        if (_weights is null || constant.IsTrainable)
        {
            return ValueRange.Any;
        }

        ReadOnlySpan<float> values = _weights[$"{_network.Nodes[index].Name}.value"].Span;
        float low = values[0];
        float high = values[0];
        foreach (float value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return float.IsNaN(low) ? ValueRange.Any : new ValueRange(low, high);
    }

    private ValueRange OfSum(int index, ValueRange input)
    {
        NetworkNode node = _network.Nodes[index];
        double count = (double)_network.InputShapesOf(index)[0].ElementCount / node.OutputShape.ElementCount;
        return input.Map(value => value * count);
    }

    /// <summary>Whether a layer divides numbers that are not negative by their own sum, or multiplies them by its reciprocal.</summary>
    private bool IsShareOfSum(int index, Layer layer)
    {
        IReadOnlyList<int> inputs = _network.Nodes[index].Inputs;
        return inputs.Count == 2
            && (IsShare(inputs[0], inputs[1], layer is Multiply) || (layer is Multiply && IsShare(inputs[1], inputs[0], isReciprocal: true)));
    }

    private bool IsShare(int part, int whole, bool isReciprocal)
    {
        if (!IsNonNegative(Source(part)))
        {
            return false;
        }

        return isReciprocal
            ? LayerOf(whole) is Reciprocal && IsSum(_network.Nodes[Source(whole)].Inputs[0], summed => AreSame(summed, part))
            : IsSum(whole, summed => AreSame(summed, part));
    }

    /// <summary>
    /// Whether a node gives the logarithms of a softmax: by its layer, or because it takes from numbers the logarithm of the sum of their
    /// exponentials. Exporters keep the exponentials small by a number that is taken from the numbers before and added to the logarithm.
    /// </summary>
    private bool IsLogarithm(int node)
    {
        if (LayerOf(node) is not Subtract || _network.Nodes[Source(node)].Inputs is not [int number, int sum])
        {
            return LayerOf(node) is LogSoftmax;
        }

        return IsLogarithmOfSum(sum, exponent => AreSame(exponent, number))
            || (LayerOf(sum) is Add && _network.Nodes[Source(sum)].Inputs is [int left, int right]
                && (IsLogarithmOfSum(right, exponent => IsDifference(exponent, number, left))
                    || IsLogarithmOfSum(left, exponent => IsDifference(exponent, number, right))));
    }

    private bool IsLogarithmOfSum(int node, Func<int, bool> isExponent) => LayerOf(node) is Log
        && IsSum(
            _network.Nodes[Source(node)].Inputs[0],
            summed => LayerOf(summed) is Exp && isExponent(_network.Nodes[Source(summed)].Inputs[0]));

    private bool IsDifference(int node, int from, int taken) => LayerOf(node) is Subtract
        && _network.Nodes[Source(node)].Inputs is [int first, int second] && AreSame(first, from) && AreSame(second, taken);

    /// <summary>Whether a node gives the sum of one that is wanted, or not less: something is added against a division by zero.</summary>
    private bool IsSum(int node, Func<int, bool> isWanted, int steps = MostSteps)
    {
        node = Source(node);
        if (node < 0 || steps == 0)
        {
            return false;
        }

        NetworkNode sum = _network.Nodes[node];
        return (sum.Layer, sum.Inputs) switch
        {
            (Reduce { Function: ReduceFunction.Sum }, _) => isWanted(sum.Inputs[0]),
            (Maximum, [int left, int right]) => IsSum(left, isWanted, steps - 1) || IsSum(right, isWanted, steps - 1),
            (Add, [int left, int right]) => (IsNonNegative(right) && IsSum(left, isWanted, steps - 1))
                || (IsNonNegative(left) && IsSum(right, isWanted, steps - 1)),
            _ => false,
        };
    }

    private bool IsNonNegative(int node) => node >= 0 && _ranges[node].IsNonNegative;

    /// <summary>Whether two nodes give the same numbers: it is one node, or equal layers without weights, of the same numbers.</summary>
    private bool AreSame(int left, int right, int steps = MostSteps)
    {
        (left, right) = (Source(left), Source(right));
        if (left == right)
        {
            return true;
        }

        if (left < 0 || right < 0 || steps == 0)
        {
            return false;
        }

        (NetworkNode one, NetworkNode other) = (_network.Nodes[left], _network.Nodes[right]);
        return one.Layer == other.Layer && one.Inputs.Count <= 2 && one.Inputs.Count == other.Inputs.Count
            && one.Layer.Parameters(_network.InputShapesOf(left)).Count == 0
            && one.Inputs.Zip(other.Inputs).All(pair => AreSame(pair.First, pair.Second, steps - 1));
    }

    private Layer? LayerOf(int node) => Source(node) is >= 0 and int source ? _network.Nodes[source].Layer : null;

    private bool IsConstant(int node) => LayerOf(node) is Constant;

    /// <summary>The node whose numbers another one has, perhaps in another shape; -1 for the network's input.</summary>
    private int Source(int node) => node < 0 ? node : _sources[node];
}
