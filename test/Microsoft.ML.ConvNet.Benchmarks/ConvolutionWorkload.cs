using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>A convolution or a dense layer with its tensors, ready to run as a plan runs it: with the algorithm that a plan would choose.</summary>
internal sealed unsafe class ConvolutionWorkload : IDisposable
{
    // The buffers by their numbers.
    private const int X = 0;
    private const int Weights = 1;
    private const int Bias = 2;
    private const int Y = 3;
    private const int InputGradient = 4;
    private const int WeightGradient = 5;
    private const int Packed = 6;
    private const int PackedForBackward = 7;
    private const int Workspace = 8;
    private const int BackwardWorkspace = 9;
    private const int BufferCount = 10;

    private readonly NativeBuffer[] _buffers = new NativeBuffer[BufferCount];
    private readonly NativeBuffer _table = new(BufferCount * (nuint)sizeof(float*));
    private readonly Execution _execution;
    private readonly Op _forward;
    private readonly Op _backward;
    private readonly OpBinding _forwardBinding = NewBinding(-1, -1);
    private readonly OpBinding _dataGradientBinding = NewBinding(InputGradient, -1);
    private readonly OpBinding _weightGradientBinding = NewBinding(-1, WeightGradient);

    public ConvolutionWorkload(WorkerGang gang, in ConvolutionShape shape, int batch, bool allowsWinograd = true)
    {
        Batch = batch;
        nint input = (nint)batch * shape.InputHeight * shape.InputWidth * shape.InputChannels;
        nint output = (nint)batch * shape.OutputHeight * shape.OutputWidth * shape.OutputChannels;
        FloatingPointOperations = 2.0 * output * shape.KernelHeight * shape.KernelWidth * shape.GroupInputChannels;
        Bytes = sizeof(float) * (double)(input + output + shape.WeightsLength);
        ConvolutionOp convolution = new(shape, HasBias: true);
        _backward = shape == ConvolutionShape.Dense(shape.InputChannels, shape.OutputChannels)
            ? new DenseOp(shape.InputChannels, shape.OutputChannels, HasBias: true)
            : allowsWinograd ? convolution.WithBestAlgorithms() : convolution;
        _forward = ((IFusibleOp)_backward).WithActivation(new ActivationFunction<Relu>(0));
        _buffers[X] = Filled(input);
        _buffers[Weights] = Filled(shape.WeightsLength);
        _buffers[Bias] = Filled(shape.OutputChannels);
        _buffers[Y] = Filled(output);
        _buffers[InputGradient] = Zeroed(input);
        _buffers[WeightGradient] = Zeroed(shape.WeightsLength);
        _buffers[Packed] = Zeroed(_forward.PreparedLength);
        _buffers[PackedForBackward] = Zeroed(_backward.PreparedBackwardLength);
        _buffers[Workspace] = Zeroed(_forward.WorkspaceLength(batch, training: false));
        _buffers[BackwardWorkspace] = Zeroed(_backward.BackwardWorkspaceLength(batch));
        float** table = (float**)_table.Pointer;
        for (int i = 0; i < BufferCount; i++)
        {
            table[i] = _buffers[i].Floats;
        }

        _execution = new Execution { Gang = gang, Batch = batch, Buffers = table };
        gang.ReserveScratch(Math.Max(_forward.ScratchBytes, _backward.ScratchBytes));
        PackWeights();
        PackTransposedWeights();
    }

    /// <summary>Images.</summary>
    public int Batch { get; }

    /// <summary>
    /// Multiplications and additions of one pass by the definition, padding included; an algorithm that needs fewer is the faster for it.
    /// </summary>
    public double FloatingPointOperations { get; }

    /// <summary>Bytes of input, weights and output.</summary>
    public double Bytes { get; }

    /// <summary>How the forward pass is computed.</summary>
    public string Algorithm => _forward.Algorithm ?? "matrix product";

    /// <summary>How the data gradient is computed.</summary>
    public string DataGradientAlgorithm =>
        _backward is ConvolutionOp convolution ? convolution.DataGradientAlgorithm.Name(convolution.Geometry) : "matrix product";

    /// <summary>How the weight gradient is computed.</summary>
    public string WeightGradientAlgorithm =>
        _backward is ConvolutionOp convolution ? convolution.WeightGradientAlgorithm.Name(convolution.Geometry) : "matrix product";

    public void PackWeights() => _forward.Prepare(_execution, _forwardBinding);

    public void PackTransposedWeights() => _backward.PrepareBackward(_execution, _dataGradientBinding);

    public void Forward() => _forward.Forward(_execution, _forwardBinding);

    public void BackwardData() => _backward.Backward(_execution, _dataGradientBinding);

    public void BackwardWeights() => _backward.Backward(_execution, _weightGradientBinding);

    public void Dispose()
    {
        foreach (NativeBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }

        _table.Dispose();
    }

    private static OpBinding NewBinding(int inputGradient, int weightGradient) => new()
    {
        Inputs = [X, Weights, Bias],
        Output = Y,
        InputGradients = [inputGradient, weightGradient, -1],
        Accumulate = [false, false, false],
        OutputGradient = Y,
        Prepared = Packed,
        PreparedBackward = PackedForBackward,
        Saved = -1,
        Workspace = Workspace,
        BackwardWorkspace = BackwardWorkspace,
    };

    private static NativeBuffer Zeroed(nint count) => new((nuint)Math.Max(count, 1) * sizeof(float));

    private static NativeBuffer Filled(nint count)
    {
        const int Period = 1 << 16;
        NativeBuffer buffer = Zeroed(count);
        RandomStream random = new(1, RandomPurpose.Synthesis);
        for (nint i = 0; i < count; i++)
        {
            buffer.Floats[i] = i < Period ? random.NextSingle(-1, 1) * 0.1f : buffer.Floats[i - Period];
        }

        return buffer;
    }
}
