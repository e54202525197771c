using Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// A chain of convolutions and poolings that is computed with images in the lanes of the vectors: what channels that are few do not fill,
/// images do. Inputs: x, then each convolution's w and, where it has one, b.
/// </summary>
internal sealed unsafe record BatchLanesOp : Op
{
    /// <summary>The most ops of a chain. What a run has to know of each lies on the caller's stack, which may be small.</summary>
    public const int MostOps = 32;

    // Images of which one thread computes a vector full in the time that the plain way takes for so many, in percent of the lanes.
    private const int LanesShare = 40;

    private readonly OpChain _plain;
    private readonly BatchLanesBlock[] _blocks;
    private readonly bool _training;
    private readonly nint _groupLength;

    /// <summary>Creates the op.</summary>
    /// <param name="chain">Convolutions, after each of which a pooling may follow, in their order; at most <see cref="MostOps"/> ops.</param>
    /// <param name="training">Whether a backward pass follows; else images that do not fill the lanes are left to the ops themselves.</param>
    public BatchLanesOp(IReadOnlyList<Op> chain, bool training)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chain.Count, MostOps);
        _training = training;
        _blocks = BlocksOf(chain);
        _plain = new OpChain(
            [.. chain.Select(op => op is ConvolutionOp convolution ? convolution.WithDirectAlgorithms() : op)], OutputLengthsOf(chain));
        _groupLength = BatchLanesChain.Place(_blocks, training);
    }

    /// <inheritdoc/>
    public override string Kind => "batch lanes";

    /// <summary>The ops that this one stands for.</summary>
    public IReadOnlyList<Op> Chain => _plain.Ops;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => _blocks[^1].KeepsOutput ? BackwardReads.Output : BackwardReads.None;

    /// <inheritdoc/>
    public override long MultiplyAdds => Chain.Sum(op => op.MultiplyAdds);

    /// <inheritdoc/>
    public override bool ReadsParametersUnpacked => true;

    /// <inheritdoc/>
    public override nint PreparedLength => _training ? 0 : _plain.PreparedLength;

    /// <inheritdoc/>
    public override nuint ScratchBytes
    {
        get
        {
            nint forward = BatchLanesForward.ScratchLength(_blocks, _training ? 0 : _groupLength);
            nint backward = _training ? BatchLanesBackward.Scratch.Of(_blocks).Length : 0;
            nuint lanes = (nuint)(nint.Max(forward, backward) * Lanes) * sizeof(float);
            return _training ? lanes : Math.Max(lanes, _plain.ScratchBytes);
        }
    }

    /// <summary>Whether a pooling can follow a convolution of a chain.</summary>
    public static bool CanStandFor(Op pooling) => pooling switch
    {
        MaxPoolingOp { Geometry: { } s } => BatchLanesBlock.Applies(s),
        AveragePoolingOp { Geometry: { } s } => BatchLanesBlock.Applies(s),
        _ => false,
    };

    /// <summary>Whether a convolution can be part of a chain, and takes less time there.</summary>
    /// <param name="convolution">The convolution.</param>
    /// <param name="isPooled">Whether a pooling follows that can be part of the chain, too.</param>
    /// <param name="training">Whether a backward pass follows.</param>
    public static bool CanStandFor(ConvolutionOp convolution, bool isPooled, bool training) =>
        !convolution.HasResidual && convolution.Slice == null && BatchLanesShape.Applies(convolution.Geometry)
        && (!training || convolution.Activation is null or { DerivativeFromOutput: true })
        && BatchLanesShape.Of(convolution.Geometry).IsWorthLanes(isPooled);

    private static int Lanes => SimdTier.Width;

    private nint InputLength => _blocks[0].Convolution.Turned.OutputLength;

    private nint OutputLength => _blocks[^1].OutputLength;

    private nint TurnedLength
    {
        get
        {
            nint length = 0;
            foreach (BatchLanesBlock block in _blocks)
            {
                length += block.Convolution.WeightsLength;
            }

            return length;
        }
    }

    /// <inheritdoc/>
    public override nint SavedLength(int batch) => BatchLanesChain.Groups(batch) * _groupLength * Lanes;

    /// <inheritdoc/>
    public override nint WorkspaceLength(int batch, bool training) => training ? 0 : _plain.WorkspaceLength(Math.Min(batch, Lanes));

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch)
    {
        nint gradients = 0;
        foreach (BatchLanesBlock block in _blocks)
        {
            gradients += block.Convolution.WeightsLength + block.Channels;
        }

        return TurnedLength + (BatchLanesChain.Groups(batch) * gradients);
    }

    /// <inheritdoc/>
    public override void Prepare(in Execution execution, OpBinding binding) =>
        _plain.Prepare(execution, binding.Inputs.AsSpan(1), execution.Buffers[binding.Prepared]);

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding)
    {
        float* x = execution.Buffers[binding.Inputs[0]];
        float* y = execution.Buffers[binding.Output];
        int done = ImagesInLanes(execution.Batch, execution.Gang.Size);
        if (done > 0)
        {
            Forward(execution, binding, done);
        }

        while (done < execution.Batch)
        {
            int images = Math.Min(Lanes, execution.Batch - done);
            _plain.Forward(
                execution,
                binding.Inputs.AsSpan(1),
                execution.Buffers[binding.Prepared],
                images,
                x + (done * InputLength),
                y + (done * OutputLength),
                execution.Buffers[binding.Workspace]);
            done += images;
        }
    }

    /// <inheritdoc/>
    public override void ForwardTraining(in Execution execution, OpBinding binding) => Forward(execution, binding, execution.Batch);

    /// <inheritdoc/>
    public override long BackwardMultiplyAdds(OpBinding binding)
    {
        long sum = 0;
        int input = 1;
        bool wantsInput = binding.InputGradients[0] >= 0;
        foreach (Op op in Chain)
        {
            if (op is ConvolutionOp convolution)
            {
                sum += wantsInput ? op.MultiplyAdds : 0;
                bool wantsWeights = binding.InputGradients[input++] >= 0;
                bool wantsBias = convolution.HasBias && binding.InputGradients[input++] >= 0;
                sum += wantsWeights ? op.MultiplyAdds : 0;
                wantsInput |= wantsWeights | wantsBias;
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        int groups = BatchLanesChain.Groups(execution.Batch);
        BatchLanesBlock* blocks = stackalloc BatchLanesBlock[_blocks.Length];
        Bind(execution, binding, blocks);
        float* workspace = execution.Buffers[binding.BackwardWorkspace];
        bool wantsInput = binding.InputGradients[0] >= 0;
        int first = wantsInput ? 0 : _blocks.Length;
        int input = 1;
        for (int i = 0; i < _blocks.Length; i++)
        {
            BatchLanesBlock* block = blocks + i;
            nint weights = block->Convolution.WeightsLength;
            if (wantsInput || first < i)
            {
                block->TurnedWeights = Take(weights);
                BatchLanesConvolution.Turn(block->Convolution, block->Weights, block->TurnedWeights);
            }

            if (binding.InputGradients[input++] >= 0)
            {
                block->WeightGradients = Take(groups * weights);
                first = Math.Min(first, i);
            }

            if (block->Bias != null && binding.InputGradients[input++] >= 0)
            {
                block->BiasGradients = Take(groups * block->Channels);
                first = Math.Min(first, i);
            }
        }

        BatchLanesChain chain = new()
        {
            Blocks = blocks,
            Count = _blocks.Length,
            Batch = execution.Batch,
            GroupLength = _groupLength,
            Saved = execution.Buffers[binding.Saved],
            Y = execution.Buffers[binding.Output],
            Dy = execution.Buffers[binding.OutputGradient],
            Dx = wantsInput ? execution.Buffers[binding.InputGradients[0]] : null,
            AccumulateDx = binding.Accumulate[0],
            FirstBlock = first,
        };
        BatchLanesChain.Backward(execution.Gang, &chain);
        SumGroups(execution, binding, blocks, groups);

        float* Take(nint length)
        {
            float* at = workspace;
            workspace += length;
            return at;
        }
    }

    /// <inheritdoc/>
    public override string Describe() =>
        string.Join(", ", Chain.Select(op => op is ConvolutionOp ? op.Describe() : $"{op.Kind} {op.Describe()}"));

    private static BatchLanesBlock[] BlocksOf(IReadOnlyList<Op> chain)
    {
        List<BatchLanesBlock> blocks = [];
        for (int i = 0; i < chain.Count; i++)
        {
            ConvolutionOp convolution = (ConvolutionOp)chain[i];
            BatchLanesBlock block = new() { Convolution = BatchLanesShape.Of(convolution.Geometry) };
            if (convolution.Activation is { } function)
            {
                block.IsRelu = function.IsRelu;
                block.Activation = function.IsRelu ? null : function.Kernel();
                block.ActivationGradient = function.GradientKernel();
                block.Alpha = function.Alpha;
            }

            Op? next = i + 1 < chain.Count ? chain[i + 1] : null;
            (block.Pooling, block.Windows) = next switch
            {
                MaxPoolingOp pooling => (BatchLanesPooling.Maximum, pooling.Geometry),
                AveragePoolingOp pooling => (BatchLanesPooling.Average, pooling.Geometry),
                _ => (BatchLanesPooling.None, default),
            };
            if (block.Pooling == BatchLanesPooling.Maximum && (block.IsRelu || next is MaxPoolingOp { Rectifies: true }))
            {
                block.IsRelu = true;
                block.ActivationGradient = null;
            }

            i += block.Pooling == BatchLanesPooling.None ? 0 : 1;
            blocks.Add(block);
        }

        return [.. blocks];
    }

    private static List<int> OutputLengthsOf(IReadOnlyList<Op> chain) =>
    [
        .. chain.Select(op => op switch
        {
            ConvolutionOp { Geometry: { } s } => s.OutputHeight * s.OutputWidth * s.OutputChannels,
            MaxPoolingOp pooling => (int)pooling.Geometry.OutputLength,
            _ => (int)((AveragePoolingOp)op).Geometry.OutputLength,
        }),
    ];

    // Both ways give the same bits. A group of images is one thread's work, so that few images on many threads go the plain way.
    private static int ImagesInLanes(int batch, int threads)
    {
        if (batch * 100L < (long)LanesShare * Lanes * threads)
        {
            return 0;
        }

        int rest = batch % Lanes;
        return rest * 100 >= LanesShare * Lanes ? batch : batch - rest;
    }

    private void Forward(in Execution execution, OpBinding binding, int images)
    {
        BatchLanesBlock* blocks = stackalloc BatchLanesBlock[_blocks.Length];
        Bind(execution, binding, blocks);
        BatchLanesChain chain = new()
        {
            Blocks = blocks,
            Count = _blocks.Length,
            Batch = images,
            GroupLength = _groupLength,
            Saved = _training ? execution.Buffers[binding.Saved] : null,
            X = execution.Buffers[binding.Inputs[0]],
            Y = execution.Buffers[binding.Output],
        };
        BatchLanesChain.Forward(execution.Gang, &chain);
    }

    private void Bind(in Execution execution, OpBinding binding, BatchLanesBlock* blocks)
    {
        Span<BatchLanesBlock> span = new(blocks, _blocks.Length);
        _blocks.CopyTo(span);
        int input = 1;
        int op = 0;
        foreach (ref BatchLanesBlock block in span)
        {
            block.Weights = execution.Buffers[binding.Inputs[input++]];
            block.Bias = ((ConvolutionOp)Chain[op]).HasBias ? execution.Buffers[binding.Inputs[input++]] : null;
            op += block.Pooling == BatchLanesPooling.None ? 1 : 2;
        }
    }

    private static void SumGroups(in Execution execution, OpBinding binding, BatchLanesBlock* blocks, int groups)
    {
        int input = 1;
        for (BatchLanesBlock* block = blocks; input < binding.Inputs.Length; block++)
        {
            if (block->WeightGradients != null)
            {
                SumGroups(execution, binding, input, block->WeightGradients, groups, block->Convolution.WeightsLength);
            }

            input++;
            if (block->Bias == null)
            {
                continue;
            }

            if (block->BiasGradients != null)
            {
                SumGroups(execution, binding, input, block->BiasGradients, groups, block->Channels);
            }

            input++;
        }
    }

    private static void SumGroups(in Execution execution, OpBinding binding, int input, float* parts, int groups, nint length)
    {
        BatchLanesGroupSum sum = new()
        {
            Parts = parts,
            Groups = groups,
            Length = length,
            Sums = execution.Buffers[binding.InputGradients[input]],
            Accumulate = binding.Accumulate[input],
        };
        SimdLoop.For(execution.Gang, sum.Items, &sum, groups * length);
    }
}
