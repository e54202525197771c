using Microsoft.ML.ConvNet.Kernels;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks;

/// <summary>A convolution with its tensors, ready to run.</summary>
internal sealed unsafe class ConvolutionWorkload : IDisposable
{
    private readonly WorkerGang _gang;
    private readonly ConvolutionShape _shape;
    private readonly NativeBuffer _x;
    private readonly NativeBuffer _y;
    private readonly NativeBuffer _dx;
    private readonly NativeBuffer _w;
    private readonly NativeBuffer _dw;
    private readonly NativeBuffer _bias;
    private readonly NativeBuffer _packed;
    private readonly NativeBuffer _packedTransposed;
    private readonly NativeBuffer _workspace;

    public ConvolutionWorkload(WorkerGang gang, in ConvolutionShape shape, int batch)
    {
        _gang = gang;
        _shape = shape;
        Batch = batch;
        long input = (long)batch * shape.InputHeight * shape.InputWidth * shape.InputChannels;
        long output = (long)batch * shape.OutputHeight * shape.OutputWidth * shape.OutputChannels;
        FloatingPointOperations = 2.0 * output * shape.KernelHeight * shape.KernelWidth * shape.GroupInputChannels;
        _x = Filled(input);
        _y = Filled(output);
        _dx = Filled(input);
        _w = Filled(shape.WeightsLength);
        _dw = Filled(shape.WeightsLength);
        _bias = Filled(shape.OutputChannels);
        _packed = Filled(Convolution.PackedWeightsLength(shape));
        _packedTransposed = Filled(Convolution.PackedTransposedWeightsLength(shape));
        _workspace = Filled(Convolution.WeightGradientWorkspaceLength(shape, batch));
        gang.ReserveScratch(Convolution.ScratchBytes(shape));
        PackWeights();
        PackTransposedWeights();
    }

    /// <summary>Images.</summary>
    public int Batch { get; }

    /// <summary>Multiplications and additions of one pass, padding included.</summary>
    public double FloatingPointOperations { get; }

    public void PackWeights() => Convolution.PackWeights(_gang, _shape, _w.Floats, _packed.Floats);

    public void PackTransposedWeights() => Convolution.PackTransposedWeights(_gang, _shape, _w.Floats, _packedTransposed.Floats);

    public void Forward()
    {
        Epilogue epilogue = new() { Bias = _bias.Floats, IsRelu = true };
        Convolution.Forward(_gang, _shape, Batch, _x.Floats, _packed.Floats, epilogue, _y.Floats);
    }

    public void BackwardData() =>
        Convolution.BackwardData(_gang, _shape, Batch, _y.Floats, _packedTransposed.Floats, _dx.Floats, accumulate: false);

    public void BackwardWeights() =>
        Convolution.BackwardWeights(_gang, _shape, Batch, _x.Floats, _y.Floats, _dw.Floats, _workspace.Floats, accumulate: false);

    public void Dispose()
    {
        foreach (NativeBuffer buffer in new[] { _x, _y, _dx, _w, _dw, _bias, _packed, _packedTransposed, _workspace })
        {
            buffer.Dispose();
        }
    }

    private static NativeBuffer Filled(long count)
    {
        NativeBuffer buffer = new((nuint)count * sizeof(float));
        RandomStream random = new(1, RandomPurpose.Synthesis);
        for (long i = 0; i < count; i++)
        {
            buffer.Floats[i] = random.NextSingle(-1, 1) * 0.1f;
        }

        return buffer;
    }
}
