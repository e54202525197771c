namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// Ops that each read the output of the one before, run one after the other in inference: the plain way for what <see cref="BatchLanesOp"/>
/// does with images in the lanes of vectors.
/// </summary>
internal sealed unsafe class OpChain
{
    private readonly Op[] _ops;
    private readonly OpBinding[] _bindings;
    private readonly nint _longestBetween;
    private readonly int _buffers;

    /// <summary>Creates the chain for convolutions and poolings, and the floats of each one's output.</summary>
    public OpChain(IReadOnlyList<Op> ops, IReadOnlyList<int> outputLengths)
    {
        _ops = [.. ops];
        _longestBetween = outputLengths.SkipLast(1).DefaultIfEmpty(0).Max();
        _bindings = new OpBinding[_ops.Length];

        // Buffer 0 is the input of the first, i + 1 the output of op i; parameters follow.
        int next = _ops.Length + 1;
        for (int i = 0; i < _ops.Length; i++)
        {
            int weight = -1;
            int prepared = -1;
            int[] inputs = [i];
            if (_ops[i] is ConvolutionOp convolution)
            {
                weight = next++;
                inputs = convolution.HasBias ? [i, weight, next++] : [i, weight];
                prepared = next++;
            }

            _bindings[i] = new OpBinding
            {
                Inputs = inputs,
                Output = i + 1,
                InputGradients = [],
                Accumulate = [],
                OutputGradient = -1,
                Prepared = prepared,
                PreparedBackward = -1,
                Saved = -1,
                Workspace = -1,
                BackwardWorkspace = -1,
            };
        }

        _buffers = next;
    }

    /// <summary>The ops.</summary>
    public IReadOnlyList<Op> Ops => _ops;

    /// <summary>Floats of the packed parameters of all ops.</summary>
    public nint PreparedLength
    {
        get
        {
            nint length = 0;
            foreach (Op op in _ops)
            {
                length += op.PreparedLength;
            }

            return length;
        }
    }

    /// <summary>Bytes of scratch that each thread needs.</summary>
    public nuint ScratchBytes => _ops.Max(op => op.ScratchBytes);

    /// <summary>Floats of working memory for some images.</summary>
    public nint WorkspaceLength(int images) => 2 * images * _longestBetween;

    /// <summary>Packs the parameters of all ops, one behind the other.</summary>
    /// <param name="execution">The run; its table has the parameters.</param>
    /// <param name="parameters">The buffers of the parameters of all ops in their order.</param>
    /// <param name="prepared">Receives the packed parameters.</param>
    public void Prepare(in Execution execution, ReadOnlySpan<int> parameters, float* prepared)
    {
        float** buffers = stackalloc float*[_buffers];
        Bind(execution, parameters, prepared, buffers);
        Execution inner = execution;
        inner.Buffers = buffers;
        for (int i = 0; i < _ops.Length; i++)
        {
            if (_ops[i].PreparedLength > 0)
            {
                _ops[i].Prepare(inner, _bindings[i]);
            }
        }
    }

    /// <summary>Runs all ops for some images, which the workspace must have room for.</summary>
    /// <param name="execution">The run; its table has the parameters.</param>
    /// <param name="parameters">The buffers of the parameters of all ops in their order.</param>
    /// <param name="prepared">The packed parameters.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">Receives the results.</param>
    /// <param name="workspace">Working memory.</param>
    public void Forward(
        in Execution execution, ReadOnlySpan<int> parameters, float* prepared, int images, float* x, float* y, float* workspace)
    {
        float** buffers = stackalloc float*[_buffers];
        Bind(execution, parameters, prepared, buffers);
        buffers[0] = x;
        for (int i = 0; i < _ops.Length; i++)
        {
            buffers[i + 1] = i == _ops.Length - 1 ? y : workspace + (i % 2 * images * _longestBetween);
        }

        Execution inner = execution;
        inner.Batch = images;
        inner.Buffers = buffers;
        for (int i = 0; i < _ops.Length; i++)
        {
            _ops[i].Forward(inner, _bindings[i]);
        }
    }

    private void Bind(in Execution execution, ReadOnlySpan<int> parameters, float* prepared, float** buffers)
    {
        int parameter = 0;
        for (int i = 0; i < _ops.Length; i++)
        {
            foreach (int input in _bindings[i].Inputs.AsSpan(1))
            {
                buffers[input] = execution.Buffers[parameters[parameter++]];
            }

            if (_bindings[i].Prepared >= 0)
            {
                buffers[_bindings[i].Prepared] = prepared;
                prepared += _ops[i].PreparedLength;
            }
        }
    }
}
