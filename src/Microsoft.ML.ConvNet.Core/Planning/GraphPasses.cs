using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// Rewrites an op graph into one that computes the same in fewer passes over memory: drops what does nothing, folds batch
/// normalisation into the weights before it, and lets products and convolutions add residuals, apply functions and pool themselves.
/// </summary>
internal sealed partial class GraphPasses
{
    private readonly List<OpNode> _nodes;
    private readonly HashSet<int> _kept;
    private int _nextValue;

    public GraphPasses(OpGraph graph, IEnumerable<OpValue> kept)
    {
        _nodes = [.. graph.Nodes];
        _nextValue = graph.Values.Count;
        _kept = [.. kept.Select(value => value.Index)];
    }

    /// <summary>The ops that remain, in order.</summary>
    public IReadOnlyList<OpNode> Nodes => _nodes;

    /// <summary>The foldings that give the folded parameters their numbers.</summary>
    public List<BatchNormFolding> Foldings { get; } = [];

    /// <summary>What stands for a value that was dropped.</summary>
    public Dictionary<int, OpValue> Replacements { get; } = [];

    /// <summary>The value that stands for another after the passes.</summary>
    public OpValue Resolve(OpValue value)
    {
        while (Replacements.TryGetValue(value.Index, out OpValue? replacement))
        {
            value = replacement;
        }

        return value;
    }

    /// <summary>Drops ops that do nothing in inference.</summary>
    public void DropIdentities()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op.IsIdentityInInference)
            {
                Replacements.Add(_nodes[i].Output.Index, _nodes[i].Inputs[0]);
                _nodes.RemoveAt(i--);
            }
        }

        ResolveInputs();
    }

    /// <summary>Chooses the algorithm of every convolution by the shape of one image.</summary>
    public void ChooseAlgorithms(PlanOptions options)
    {
        for (int i = 0; i < _nodes.Count && options.AllowsWinograd; i++)
        {
            if (_nodes[i].Op is ConvolutionOp convolution)
            {
                _nodes[i] = _nodes[i] with { Op = convolution.WithBestAlgorithms() };
            }
        }
    }

    /// <summary>Folds a batch normalisation into the convolution or product before it, where nothing else reads that one's output.</summary>
    public void FoldBatchNormalization()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op is not BatchNormalizationOp normalization)
            {
                continue;
            }

            int at = ProducerToFuse(_nodes[i].Inputs[0]);
            if (at < 0 || _nodes[at].Op is not IWeightedOp { Activation: null, HasResidual: false } fusible
                || normalization.Shape.Channels != _nodes[at].Inputs[1].Shape.Channels)
            {
                continue;
            }

            OpNode producer = _nodes[at];
            OpValue weight = producer.Inputs[1];
            OpValue foldedWeight = NewConstant(weight, weight.Shape);
            OpValue foldedBias = NewConstant(weight, [weight.Shape.Channels]);
            Foldings.Add(new BatchNormFolding(
                weight, fusible.HasBias ? producer.Inputs[2] : null, [.. _nodes[i].Inputs.Skip(1)], normalization.Epsilon, foldedWeight, foldedBias));
            _nodes[at] = producer with
            {
                Op = fusible.WithBias(),
                Inputs = [producer.Inputs[0], foldedWeight, foldedBias],
                Output = _nodes[i].Output,
            };
            _nodes.RemoveAt(i--);
        }
    }

    /// <summary>Lets an op add the other operand of the addition that alone reads its output.</summary>
    public void FuseResiduals(bool training)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op is not AddOp || _nodes[i].Inputs.Count != 2)
            {
                continue;
            }

            IReadOnlyList<OpValue> operands = _nodes[i].Inputs;
            int first = ProducerOf(operands[0]);
            int second = ProducerOf(operands[1]);
            (OpValue own, OpValue other) = first > second ? (operands[0], operands[1]) : (operands[1], operands[0]);
            int at = ProducerToFuse(own);
            if (at < 0 || own == other || _nodes[at].Op is not IFusibleOp fusible || !fusible.CanAddResidual(training))
            {
                continue;
            }

            _nodes[at] = _nodes[at] with
            {
                Op = fusible.WithResidual(),
                Inputs = [.. _nodes[at].Inputs, other],
                Output = _nodes[i].Output,
            };
            _nodes.RemoveAt(i--);
        }
    }

    /// <summary>Lets an op apply the function that alone reads its output.</summary>
    public void FuseActivations(bool training)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op is not ActivationOp { Function: { } function } || (training && !function.DerivativeFromOutput))
            {
                continue;
            }

            int at = ProducerToFuse(_nodes[i].Inputs[0]);
            if (at >= 0 && _nodes[at].Op is IFusibleOp fusible && fusible.CanApply(function))
            {
                _nodes[at] = _nodes[at] with { Op = fusible.WithActivation(function), Output = _nodes[i].Output };
                _nodes.RemoveAt(i--);
            }
        }
    }

    /// <summary>Drops ops whose results nothing reads.</summary>
    public void DropUnused()
    {
        HashSet<int> read = [.. _kept.Select(index => Replacements.TryGetValue(index, out OpValue? value) ? Resolve(value).Index : index)];
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            if (read.Contains(_nodes[i].Output.Index))
            {
                read.UnionWith(_nodes[i].Inputs.Select(input => input.Index));
            }
            else
            {
                _nodes.RemoveAt(i);
            }
        }
    }

    private void ResolveInputs()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            _nodes[i] = _nodes[i] with { Inputs = [.. _nodes[i].Inputs.Select(Resolve)] };
        }

        foreach (int index in _kept.ToArray())
        {
            if (Replacements.TryGetValue(index, out OpValue? value))
            {
                _kept.Add(Resolve(value).Index);
            }
        }
    }

    private OpValue NewConstant(OpValue weight, Tensors.Shape shape) =>
        new(_nextValue++, OpValueKind.Parameter, shape, weight.Name + " (folded)");

    private int ProducerOf(OpValue value) => _nodes.FindIndex(node => node.Output == value);

    private int ProducerToFuse(OpValue value)
    {
        if (value.Kind != OpValueKind.Activation || _kept.Contains(value.Index))
        {
            return -1;
        }

        int readers = _nodes.Sum(node => node.Inputs.Count(input => input == value));
        return readers == 1 ? ProducerOf(value) : -1;
    }
}
