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

    private readonly Network _network;
    private readonly Weights? _weights;
    private readonly ValueRange[] _ranges;

    private OutputAnalysis(Network network, Weights? weights)
    {
        _network = network;
        _weights = weights;
        _ranges = new ValueRange[network.Nodes.Count];
        for (int i = 0; i < _ranges.Length; i++)
        {
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
        part = Source(part);
        whole = Source(whole);
        if (part < 0 || whole < 0 || !_ranges[part].IsNonNegative)
        {
            return false;
        }

        NetworkNode node = _network.Nodes[whole];
        if (isReciprocal)
        {
            return node.Layer is Reciprocal && IsShare(part, node.Inputs[0], isReciprocal: false);
        }

        return node.Layer switch
        {
            Reduce { Function: ReduceFunction.Sum } => Source(node.Inputs[0]) == part,
            Maximum => node.Inputs.Any(input => IsShare(part, input, isReciprocal: false)),
            Add => node.Inputs.Count == 2 && (IsSumAndMore(part, node.Inputs[0], node.Inputs[1])
                || IsSumAndMore(part, node.Inputs[1], node.Inputs[0])),
            _ => false,
        };
    }

    private bool IsSumAndMore(int part, int sum, int more) =>
        more >= 0 && _ranges[more].IsNonNegative && IsShare(part, sum, isReciprocal: false);

    private bool IsConstant(int node) => Source(node) is >= 0 and int source && _network.Nodes[source].Layer is Constant;

    /// <summary>The node whose numbers another one has, perhaps in another shape; -1 for the network's input.</summary>
    private int Source(int node)
    {
        while (node >= 0 && _network.Nodes[node].Layer is Reshape or Flatten or Expand or Dropout)
        {
            node = _network.Nodes[node].Inputs[0];
        }

        return node;
    }
}
