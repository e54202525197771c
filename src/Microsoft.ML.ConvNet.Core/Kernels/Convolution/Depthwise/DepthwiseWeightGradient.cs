using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.Depthwise;

/// <summary>
/// The gradient of a depthwise convolution with respect to its weights [KH, KW, 1, channels]: for each tap and channel the sum over
/// all results of input times gradient. A vector holds neighbouring channels.
/// </summary>
/// <remarks>
/// The lines of the batch are divided among partial gradients, as many as shape and batch fix, added in order at the end. A line's
/// sum for a tap runs in four chains over the columns, which are added to one another and then to the gradient.
/// </remarks>
internal static unsafe class DepthwiseWeightGradient
{
    private const int ChannelBlock = 64;
    private const int EnoughTasks = 32;

    /// <summary>Floats of the partial gradients of any batch up to the given one.</summary>
    public static nint WorkspaceLength(in ConvolutionShape shape, int maximumBatch) =>
        Partials(shape, maximumBatch) * shape.WeightsLength;

    /// <summary>Computes dw from x and dy.</summary>
    public static void Run(
        WorkerGang gang, in ConvolutionShape shape, int batch, float* x, float* dy, float* dw, float* workspace, bool accumulate)
    {
        Gradient gradient = new()
        {
            Shape = shape,
            Batch = batch,
            Partials = Partials(shape, batch),
            Source = x,
            OutputGradient = dy,
            Workspace = workspace,
        };
        PartialTask task = new(&gradient);
        SimdLoop.For(gang, gradient.Partials * Blocks(shape), &task);

        nint length = shape.WeightsLength;
        for (nint i = 0; i < length; i++)
        {
            float sum = 0;
            for (int partial = 0; partial < gradient.Partials; partial++)
            {
                sum += workspace[(partial * length) + i];
            }

            dw[i] = accumulate ? dw[i] + sum : sum;
        }
    }

    private static int Blocks(in ConvolutionShape shape) => Rounding.DivideUp(shape.OutputChannels, ChannelBlock);

    private static int Partials(in ConvolutionShape shape, int batch)
    {
        long lines = (long)batch * shape.OutputHeight;
        return (int)Math.Min(Rounding.DivideUp(EnoughTasks, Blocks(shape)), lines);
    }

    private static void RunTask<TSimd, TVector>(Gradient* gradient, int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionShape s = gradient->Shape;
        int blocks = Blocks(s);
        int partial = item / blocks;
        int firstChannel = item % blocks * ChannelBlock;
        int endChannel = Math.Min(firstChannel + ChannelBlock, s.OutputChannels);
        long lines = (long)gradient->Batch * s.OutputHeight;
        long first = Share.Start(lines, partial, gradient->Partials);
        long end = Share.End(lines, partial, gradient->Partials);
        float* result = gradient->Workspace + (partial * s.WeightsLength);
        for (int tap = 0; tap < s.KernelHeight * s.KernelWidth; tap++)
        {
            new Span<float>(result + ((nint)tap * s.OutputChannels) + firstChannel, endChannel - firstChannel).Clear();
        }

        for (long line = first; line < end; line++)
        {
            int image = (int)(line / s.OutputHeight);
            int row = (int)(line % s.OutputHeight);
            for (int channel = firstChannel; channel < endChannel; channel += TSimd.Width)
            {
                AddLine<TSimd, TVector>(gradient, image, row, channel, Math.Min(endChannel - channel, TSimd.Width), result);
            }
        }
    }

    private static void AddLine<TSimd, TVector>(Gradient* gradient, int image, int row, int channel, int count, float* result)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ref readonly ConvolutionShape s = ref gradient->Shape;
        nint channels = s.OutputChannels;
        nint gradientLine = ((nint)image * s.OutputHeight) + row;
        float* outputGradient = gradient->OutputGradient + (gradientLine * s.OutputWidth * channels) + channel;
        for (int tapRow = 0; tapRow < s.KernelHeight; tapRow++)
        {
            int sourceRow = (row * s.StrideHeight) - s.PaddingTop + (tapRow * s.DilationHeight);
            if (sourceRow < 0 || sourceRow >= s.InputHeight)
            {
                continue;
            }

            nint sourceLine = ((nint)image * s.InputHeight) + sourceRow;
            float* source = gradient->Source + (sourceLine * s.InputWidth * channels) + channel;
            for (int tapColumn = 0; tapColumn < s.KernelWidth; tapColumn++)
            {
                // The columns whose window has this tap inside of the source.
                int shift = (tapColumn * s.DilationWidth) - s.PaddingLeft;
                int first = shift >= 0 ? 0 : Rounding.DivideUp(-shift, s.StrideWidth);
                int end = shift >= s.InputWidth ? 0 : Math.Min(s.OutputWidth, Rounding.DivideUp(s.InputWidth - shift, s.StrideWidth));
                if (first >= end)
                {
                    continue;
                }

                float* from = source + (((nint)(first * s.StrideWidth) + shift) * channels);
                float* gradients = outputGradient + (first * channels);
                nint step = s.StrideWidth * channels;
                TVector sum = count == TSimd.Width
                    ? Sum<TSimd, TVector, Zero>(from, step, gradients, channels, end - first, count)
                    : Sum<TSimd, TVector, One>(from, step, gradients, channels, end - first, count);
                float* to = result + ((((nint)tapRow * s.KernelWidth) + tapColumn) * channels) + channel;
                TSimd.StorePartial(to, TSimd.Add(TSimd.LoadPartial(to, count), sum), count);
            }
        }
    }

    private static TVector Sum<TSimd, TVector, TPartial>(
        float* source, nint sourceStep, float* gradient, nint gradientStep, int pixels, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPartial : struct, ITileCount
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        for (; pixels >= 4; pixels -= 4)
        {
            sum0 = Add<TSimd, TVector, TPartial>(source, gradient, sum0, count);
            sum1 = Add<TSimd, TVector, TPartial>(source + sourceStep, gradient + gradientStep, sum1, count);
            sum2 = Add<TSimd, TVector, TPartial>(source + (2 * sourceStep), gradient + (2 * gradientStep), sum2, count);
            sum3 = Add<TSimd, TVector, TPartial>(source + (3 * sourceStep), gradient + (3 * gradientStep), sum3, count);
            source += 4 * sourceStep;
            gradient += 4 * gradientStep;
        }

        for (; pixels > 0; pixels--)
        {
            sum0 = Add<TSimd, TVector, TPartial>(source, gradient, sum0, count);
            source += sourceStep;
            gradient += gradientStep;
        }

        return TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add<TSimd, TVector, TPartial>(float* source, float* gradient, TVector sum, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPartial : struct, ITileCount =>
        TSimd.MultiplyAdd(
            DepthwiseChannels.Load<TSimd, TVector, TPartial>(source, count),
            DepthwiseChannels.Load<TSimd, TVector, TPartial>(gradient, count),
            sum);

    private struct Gradient
    {
        public ConvolutionShape Shape;
        public int Batch;
        public int Partials;
        public float* Source;
        public float* OutputGradient;
        public float* Workspace;
    }

    /// <summary>A block of the channels of a partial gradient.</summary>
    private readonly struct PartialTask(Gradient* gradient) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => RunTask<TSimd, TVector>(gradient, item);
    }
}
