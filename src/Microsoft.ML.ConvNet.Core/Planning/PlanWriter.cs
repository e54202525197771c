using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>Turns ops in order into steps and buffers, forward and then backward, and records how long each buffer lives.</summary>
internal sealed class PlanWriter
{
    private readonly PlanGraph _graph;
    private readonly OpNode[] _nodes;
    private readonly OpValue _input;
    private readonly OpValue _output;
    private readonly bool _training;
    private readonly List<PlanBuffer> _buffers = [];
    private readonly List<PlanStep> _steps = [];
    private readonly List<PlanStep> _statisticsSteps = [];
    private readonly List<PlanStep> _prepareSteps = [];
    private readonly Dictionary<int, int> _bufferOfValue = [];
    private readonly Dictionary<int, int> _gradientOfValue = [];
    private readonly OpBinding[] _forward;
    private nuint _scratchBytes;

    /// <summary>Begins a plan.</summary>
    /// <param name="graph">What is computed, as the passes left it.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="output">The network's output.</param>
    /// <param name="training">Whether backward steps follow the forward ones.</param>
    public PlanWriter(PlanGraph graph, OpValue input, OpValue output, bool training)
    {
        _graph = graph;
        _nodes = [.. graph.Nodes.Select(node => node.Content)];
        _input = input;
        _output = output;
        _training = training;
        _forward = new OpBinding[_nodes.Length];
        _bufferOfValue[input.Index] = NewBuffer(new PlanBuffer(PlanBufferKind.Arena, input));
    }

    /// <summary>Writes the forward steps.</summary>
    public void WriteForward()
    {
        _buffers[_bufferOfValue[_input.Index]].Touch(0);
        for (int i = 0; i < _nodes.Length; i++)
        {
            _forward[i] = WriteForward(_nodes[i]);
        }

        // The result is read after the last step.
        _buffers[_bufferOfValue[_output.Index]].Touch(_steps.Count);
    }

    /// <summary>Writes the backward steps, in the reverse order.</summary>
    public void WriteBackward(Func<int, bool> isTrained, bool inputGradient)
    {
        HashSet<int> wanted = Wanted(isTrained, inputGradient);
        HashSet<int> written = [];
        for (int i = _nodes.Length - 1; i >= 0; i--)
        {
            OpNode node = _nodes[i];
            // Every loss is computed, also one that leads to nothing that is trained.
            if (node.Op is not LossOp && !(wanted.Contains(node.Output.Index) && written.Contains(node.Output.Index)))
            {
                continue;
            }

            int[] gradients = new int[node.Inputs.Count];
            bool[] accumulate = new bool[node.Inputs.Count];
            bool isShared = false;
            for (int k = 0; k < gradients.Length; k++)
            {
                int value = node.Inputs[k].Index;
                if (!isShared && wanted.Contains(value) && CanShareGradient(node, k))
                {
                    _gradientOfValue.Add(value, GradientOf(node.Output));
                    isShared = true;
                }

                gradients[k] = wanted.Contains(value) ? GradientOf(node.Inputs[k]) : -1;
                accumulate[k] = gradients[k] >= 0 && !written.Add(value);
            }

            WriteBackward(node, _forward[i], gradients, accumulate);
        }

        if (inputGradient)
        {
            _buffers[GradientOf(_input)].Touch(_steps.Count);
        }

        // What the loss read is read again after the last step.
        _buffers[_bufferOfValue[_output.Index]].Touch(_steps.Count);
        for (int i = 0; i < _nodes.Length; i++)
        {
            if (_nodes[i].Op.MovesStatistics)
            {
                _buffers[_forward[i].Saved].Touch(_steps.Count);
                _statisticsSteps.Add(new PlanStep(_nodes[i], _forward[i], PlanAction.MoveStatistics));
            }
        }
    }

    /// <summary>The finished plan.</summary>
    public Plan ToPlan(bool inputGradient)
    {
        foreach (BatchNormFolding folding in _graph.Foldings)
        {
            _ = BufferOf(folding.FoldedWeight);
            _ = BufferOf(folding.FoldedBias);
        }

        return new Plan
        {
            Buffers = _buffers,
            Steps = _steps,
            StatisticsSteps = _statisticsSteps,
            PrepareSteps = _prepareSteps,
            Foldings = _graph.Foldings,
            BufferOfValue = _bufferOfValue,
            Input = _bufferOfValue[_input.Index],
            Output = _bufferOfValue[_output.Index],
            InputGradient = inputGradient ? GradientOf(_input) : -1,
            ScratchBytes = _scratchBytes,
        };
    }

    private OpBinding WriteForward(OpNode node)
    {
        Op op = node.Op;
        int[] inputs = new int[node.Inputs.Count];
        for (int k = 0; k < inputs.Length; k++)
        {
            inputs[k] = BufferOf(node.Inputs[k]);
        }

        OpBinding binding = NewBinding(node, inputs, OutputOf(node));
        _scratchBytes = Math.Max(_scratchBytes, op.ScratchBytes);
        bool isPacked = binding.Prepared >= 0;
        if (isPacked)
        {
            PlanStep prepare = new(node, binding, PlanAction.Prepare);
            if (_training)
            {
                Touch(inputs[1]);
                Touch(binding.Prepared);
                _steps.Add(prepare);
            }
            else
            {
                _prepareSteps.Add(prepare);
            }
        }

        for (int k = 0; k < inputs.Length; k++)
        {
            // Where the weights are packed, the kernel does not read them as they are.
            if (k != 1 || !isPacked || op.ReadsParametersUnpacked)
            {
                Touch(inputs[k]);
            }
        }

        Touch(binding.Output);
        Touch(binding.Prepared);
        Touch(binding.Saved);
        Touch(binding.Workspace);
        _steps.Add(new PlanStep(node, binding, _training ? PlanAction.ForwardTraining : PlanAction.Forward));
        return binding;
    }

    /// <summary>
    /// Whether an input's gradient can lie where the output's is, if no other input's does: nothing has been added to it yet, and the op reads
    /// the input once.
    /// </summary>
    private bool CanShareGradient(OpNode node, int input)
    {
        OpValue value = node.Inputs[input];
        return node.Op.PassesGradient(input)
            && value.Kind == OpValueKind.Activation
            && !_gradientOfValue.ContainsKey(value.Index)
            && (_graph.ReadCountOf(value) == 1 || node.Inputs.Count(other => other.Index == value.Index) == 1)
            && _gradientOfValue.ContainsKey(node.Output.Index);
    }

    private void WriteBackward(OpNode node, OpBinding forward, int[] gradients, bool[] accumulate)
    {
        Op op = node.Op;
        bool prepares = gradients[0] >= 0 && op.PreparedBackwardLength > 0;
        OpBinding binding = new()
        {
            Inputs = forward.Inputs,
            Output = forward.Output,
            InputGradients = gradients,
            Accumulate = accumulate,
            OutputGradient = _gradientOfValue.GetValueOrDefault(node.Output.Index, -1),
            Prepared = forward.Prepared,
            PreparedBackward = prepares ? NewArena(node, OpMemory.PreparedBackward) : -1,
            Saved = forward.Saved,
            Workspace = forward.Workspace,
            BackwardWorkspace = NewArena(node, OpMemory.BackwardWorkspace),
        };
        if (prepares)
        {
            Touch(binding.Inputs[1]);
            Touch(binding.PreparedBackward);
            _steps.Add(new PlanStep(node, binding, PlanAction.PrepareBackward));
        }

        Touch(gradients);
        Touch(binding.OutputGradient);
        Touch(binding.PreparedBackward);
        Touch(binding.Saved);
        Touch(binding.BackwardWorkspace);
        if (op.BackwardReads.HasFlag(BackwardReads.Inputs))
        {
            Touch(binding.Inputs);
        }

        if (op.BackwardReads.HasFlag(BackwardReads.Output))
        {
            Touch(binding.Output);
        }

        _steps.Add(new PlanStep(node, binding, PlanAction.Backward));
    }

    /// <summary>The values whose gradients lead to one that is asked for.</summary>
    private HashSet<int> Wanted(Func<int, bool> isTrained, bool inputGradient)
    {
        HashSet<int> wanted = [];
        if (inputGradient)
        {
            wanted.Add(_input.Index);
        }

        foreach (OpNode node in _nodes)
        {
            foreach (OpValue value in node.Inputs)
            {
                if (value.Kind == OpValueKind.Parameter && isTrained(value.ParameterIndex))
                {
                    wanted.Add(value.Index);
                }
            }

            foreach (OpValue value in node.Inputs)
            {
                if (wanted.Contains(value.Index))
                {
                    wanted.Add(node.Output.Index);
                    break;
                }
            }
        }

        return wanted;
    }

    private OpBinding NewBinding(OpNode node, int[] inputs, int output)
    {
        PlanBufferKind preparedKind = _training ? PlanBufferKind.Arena : PlanBufferKind.Constant;
        return new OpBinding
        {
            Inputs = inputs,
            Output = output,
            InputGradients = [],
            Accumulate = [],
            OutputGradient = -1,
            Prepared = node.Op.PreparedLength > 0 ? NewBuffer(new PlanBuffer(preparedKind, node, OpMemory.Prepared)) : -1,
            PreparedBackward = -1,
            Saved = _training ? NewArena(node, OpMemory.Saved) : -1,
            Workspace = NewArena(node, _training ? OpMemory.TrainingWorkspace : OpMemory.Workspace),
            BackwardWorkspace = -1,
        };
    }

    private int OutputOf(OpNode node)
    {
        OpValue output = node.Output;
        if (_bufferOfValue.TryGetValue(output.Index, out int shared))
        {
            // Another op wrote other channels of the same value.
            return shared;
        }

        if (node.Op.CanRunInPlace && CanOverwrite(node))
        {
            return _bufferOfValue[output.Index] = BufferOf(node.Inputs[0]);
        }

        return _bufferOfValue[output.Index] = NewBuffer(new PlanBuffer(PlanBufferKind.Arena, output));
    }

    /// <summary>Whether nothing needs what the first input of an op holds once the op has run.</summary>
    private bool CanOverwrite(OpNode node)
    {
        OpValue input = node.Inputs[0];
        if (input.Kind != OpValueKind.Activation || _graph.ReadCountOf(input) != 1 || input == _output)
        {
            return false;
        }

        return !_training
            || (!node.Op.BackwardReads.HasFlag(BackwardReads.Inputs)
                && _graph.ProducerOf(input) is { } producer
                && !producer.Op.BackwardReads.HasFlag(BackwardReads.Output));
    }

    private int BufferOf(OpValue value)
    {
        if (!_bufferOfValue.TryGetValue(value.Index, out int buffer))
        {
            buffer = NewBuffer(new PlanBuffer(value.ParameterIndex >= 0 ? PlanBufferKind.Parameter : PlanBufferKind.Constant, value));
            _bufferOfValue.Add(value.Index, buffer);
        }

        return buffer;
    }

    private int GradientOf(OpValue value)
    {
        if (!_gradientOfValue.TryGetValue(value.Index, out int buffer))
        {
            buffer = NewBuffer(new PlanBuffer(value.Kind == OpValueKind.Parameter ? PlanBufferKind.Gradient : PlanBufferKind.Arena, value));
            _gradientOfValue.Add(value.Index, buffer);
        }

        return buffer;
    }

    private int NewArena(OpNode node, OpMemory memory) => NewBuffer(new PlanBuffer(PlanBufferKind.Arena, node, memory));

    private int NewBuffer(PlanBuffer buffer)
    {
        _buffers.Add(buffer);
        return _buffers.Count - 1;
    }

    // What the step reads or writes that is added next.
    private void Touch(int[] buffers)
    {
        foreach (int buffer in buffers)
        {
            Touch(buffer);
        }
    }

    private void Touch(int buffer)
    {
        if (buffer >= 0)
        {
            _buffers[buffer].Touch(_steps.Count);
        }
    }
}
