using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>What a block does to its convolution's results.</summary>
internal enum BatchLanesPooling
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Takes the maximum of each window.</summary>
    Maximum,

    /// <summary>Takes the mean of each window.</summary>
    Average,
}

/// <summary>
/// A part of a chain over planes [H, W, C][lane]: a convolution with bias and function, and perhaps a pooling whose windows do not
/// overlap. Rows of the convolution's results are pooled as soon as they are there.
/// </summary>
internal unsafe struct BatchLanesBlock
{
    // Results of a convolution that are at work at a time, in vectors, where a row of windows is not more: a share of the first-level
    // cache beside the input's rows.
    private const int ChunkVectors = 256;

    /// <summary>The convolution.</summary>
    public BatchLanesShape Convolution;

    /// <summary>What is done to its results.</summary>
    public BatchLanesPooling Pooling;

    /// <summary>The windows of the pooling.</summary>
    public PoolingShape Windows;

    /// <summary>Whether the function is ReLU, applied in registers: after a maximum, which it does not change the place of.</summary>
    public bool IsRelu;

    /// <summary>Any other function (from, to, count, alpha), or null.</summary>
    public delegate*<float*, float*, nint, float, void> Activation;

    /// <summary>
    /// The gradient (value, dy, dx, count, alpha) of the function, or null: of ReLU, too, but before a maximum, where the winners tell it.
    /// </summary>
    public delegate*<float*, float*, float*, nint, float, void> ActivationGradient;

    /// <summary>The function's parameter.</summary>
    public float Alpha;

    /// <summary>Where the input lies in the memory of a group of images, in vectors.</summary>
    public nint Input;

    /// <summary>Where the places of the maxima lie; in training only.</summary>
    public nint Winners;

    /// <summary>Where the convolution's results lie, chunk by chunk, where the function's gradient reads them; else -1.</summary>
    public nint Values;

    /// <summary>The weights [KH, KW, C, K].</summary>
    public float* Weights;

    /// <summary>The bias, or null.</summary>
    public float* Bias;

    /// <summary>The weights turned by 180 degrees, [KH, KW, K, C].</summary>
    public float* TurnedWeights;

    /// <summary>The weight gradients of the groups, one behind the other; null where not asked for.</summary>
    public float* WeightGradients;

    /// <summary>The bias gradients of the groups, one behind the other; null where not asked for.</summary>
    public float* BiasGradients;

    /// <summary>Rows of the output.</summary>
    public readonly int OutputHeight => Pooling == BatchLanesPooling.None ? Convolution.OutputHeight : Windows.OutputHeight;

    /// <summary>Columns of the output.</summary>
    public readonly int OutputWidth => Pooling == BatchLanesPooling.None ? Convolution.OutputWidth : Windows.OutputWidth;

    /// <summary>Channels of the output.</summary>
    public readonly int Channels => Convolution.OutputChannels;

    /// <summary>Vectors of a row of the output.</summary>
    public readonly nint OutputRow => (nint)OutputWidth * Channels;

    /// <summary>Vectors of the output.</summary>
    public readonly nint OutputLength => OutputHeight * OutputRow;

    /// <summary>Parts of the output channels: those of a tile of the microkernels.</summary>
    public readonly EvenParts ChannelParts => new(Channels, BatchLanesTiles.Channels);

    /// <summary>Whether the gradient of the function reads the convolution's results, which the pooling does not keep.</summary>
    public readonly bool KeepsValues => Pooling == BatchLanesPooling.Average && ActivationGradient != null;

    /// <summary>Whether the gradient of the function reads the output.</summary>
    public readonly bool KeepsOutput => ActivationGradient != null && !KeepsValues;

    /// <summary>The chunks: stretches of output rows that are computed from start to end before the next.</summary>
    public readonly EvenParts Chunks
    {
        get
        {
            int rows = Pooling == BatchLanesPooling.None ? 1 : Windows.StrideHeight;
            int vectors = rows * Convolution.OutputWidth * Math.Min(Channels, BatchLanesTiles.Channels);
            return new EvenParts(OutputHeight, Math.Max(1, ChunkVectors / vectors));
        }
    }

    /// <summary>Vectors of the convolution's results in the largest chunk, of one part of the channels.</summary>
    public readonly nint ChunkLength
    {
        get
        {
            int most = 0;
            for (int chunk = 0; chunk < Chunks.Count; chunk++)
            {
                BatchLanesChunk rows = Chunk(chunk);
                most = Math.Max(most, rows.To - rows.From);
            }

            return (nint)most * Convolution.OutputWidth * Math.Min(Channels, BatchLanesTiles.Channels);
        }
    }

    /// <summary>Vectors of the output in the largest chunk.</summary>
    public readonly nint ChunkOutputLength => Chunks.Length(0) * OutputRow;

    /// <summary>Where the places of the maxima of a part of the channels of a chunk lie; null where they are not kept.</summary>
    public readonly float* WinnersOf(float* memory, in BatchLanesChunk chunk, int channel, nint lanes)
    {
        nint before = chunk.FirstOutput * OutputRow;
        nint rows = chunk.EndOutput - chunk.FirstOutput;
        return Winners < 0 ? null : memory + ((Winners + before + (rows * OutputWidth * channel)) * lanes);
    }

    /// <summary>Where the convolution's results in a chunk lie that are kept, from a channel on.</summary>
    public readonly float* ValuesOf(float* memory, in BatchLanesChunk chunk, int channel, nint lanes)
    {
        nint columns = Convolution.OutputWidth;
        nint before = chunk.From * columns * Channels;
        return memory + ((Values + before + ((chunk.To - chunk.From) * columns * channel)) * lanes);
    }

    /// <summary>The rows of a chunk.</summary>
    public readonly BatchLanesChunk Chunk(int chunk)
    {
        EvenParts chunks = Chunks;
        int first = chunks.Start(chunk);
        int end = first + chunks.Length(chunk);
        return Pooling == BatchLanesPooling.None
            ? new BatchLanesChunk(first, end, first, end)
            : new BatchLanesChunk(first, end, Windows.RowsOf(first).From, Windows.RowsOf(end - 1).To);
    }

    /// <summary>Whether a pooling can follow in a block: no number is in two windows, and every window holds one.</summary>
    public static bool Applies(in PoolingShape s) =>
        !s.Adaptive && !s.IsDilated && s.StrideHeight >= s.KernelHeight && s.StrideWidth >= s.KernelWidth
        && s.PaddingTop < s.KernelHeight && s.PaddingLeft < s.KernelWidth
        && ((s.OutputHeight - 1) * s.StrideHeight) - s.PaddingTop < s.InputHeight
        && ((s.OutputWidth - 1) * s.StrideWidth) - s.PaddingLeft < s.InputWidth;
}

/// <summary>Some rows of a block.</summary>
/// <param name="FirstOutput">The first row of the output.</param>
/// <param name="EndOutput">The row of the output behind the last.</param>
/// <param name="From">The first row of the convolution's results that they are made of.</param>
/// <param name="To">The row behind the last.</param>
internal readonly record struct BatchLanesChunk(int FirstOutput, int EndOutput, int From, int To);
