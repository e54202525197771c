using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>The backward pass of a chain for one group of images.</summary>
internal static unsafe class BatchLanesBackward
{
    /// <summary>Where the parts of a thread's scratch memory lie, in vectors.</summary>
    /// <param name="Chunk">Rows of the gradient of a convolution's results, of one part of the channels.</param>
    /// <param name="Sums">The weight gradient and then the bias gradient of a block, lane by lane.</param>
    /// <param name="Even">The gradient of the output of every second block, from the first on.</param>
    /// <param name="Odd">The gradient of the outputs of the others, and of the images.</param>
    /// <param name="Rows">The gradient of a chunk of the last block's output, and then that output.</param>
    /// <param name="Plane">The gradient of a convolution's results, with the borders that the turned convolution needs.</param>
    /// <param name="Length">The length of all.</param>
    public readonly record struct Scratch(nint Chunk, nint Sums, nint Even, nint Odd, nint Rows, nint Plane, nint Length)
    {
        /// <summary>The parts for some blocks.</summary>
        public static Scratch Of(ReadOnlySpan<BatchLanesBlock> blocks)
        {
            nint chunk = 0;
            nint sums = 0;
            nint even = 0;
            nint odd = blocks[0].Convolution.Turned.OutputLength;
            nint plane = 0;
            for (int i = 0; i < blocks.Length; i++)
            {
                BatchLanesShape s = blocks[i].Convolution;
                chunk = nint.Max(chunk, blocks[i].ChunkLength);
                sums = nint.Max(sums, s.WeightsLength + s.OutputChannels);
                plane = nint.Max(plane, s.Turned.InputLength);
                nint output = i < blocks.Length - 1 ? blocks[i].OutputLength : 0;
                (even, odd) = i % 2 == 0 ? (nint.Max(even, output), odd) : (even, nint.Max(odd, output));
            }

            nint evenAt = chunk + sums;
            nint oddAt = evenAt + even;
            nint rowsAt = oddAt + odd;
            nint planeAt = rowsAt + (2 * blocks[^1].ChunkOutputLength);
            return new Scratch(0, chunk, evenAt, oddAt, rowsAt, planeAt, planeAt + plane);
        }
    }

    /// <summary>Runs a group.</summary>
    public static void Run<TSimd, TVector>(BatchLanesChain* chain, int group, void* scratchMemory)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width;
        int images = Math.Min(width, chain->Batch - (group * width));
        float* memory = chain->Saved + (group * chain->GroupLength * width);
        Scratch scratch = Scratch.Of(new ReadOnlySpan<BatchLanesBlock>(chain->Blocks, chain->Count));
        float* even = (float*)scratchMemory + (scratch.Even * width);
        float* odd = (float*)scratchMemory + (scratch.Odd * width);
        float* chunkMemory = (float*)scratchMemory + (scratch.Chunk * width);
        float* sums = (float*)scratchMemory + (scratch.Sums * width);
        float* plane = (float*)scratchMemory + (scratch.Plane * width);

        int last = chain->Count - 1;
        int first = chain->FirstBlock;
        for (int i = last; i >= first; i--)
        {
            BatchLanesBlock* block = chain->Blocks + i;
            float* inputGradient = i % 2 == 0 ? odd : even;
            bool wantsInput = i > first || chain->Dx != null;
            Gradients gradients = new()
            {
                Rows = i == last ? (float*)scratchMemory + (scratch.Rows * width) : i % 2 == 0 ? even : odd,
                ChunkPitch = i == last ? 0 : block->OutputRow * width,
                ImageGradients = i == last ? chain->Dy + ((nint)group * width * block->OutputLength) : null,
                Images = i == last && block->KeepsOutput ? chain->Y + ((nint)group * width * block->OutputLength) : null,
                ImageCount = images,
                Plane = wantsInput ? plane : null,
                Sums = sums,
            };
            if (i < last)
            {
                BatchLanesBlock* next = block + 1;
                gradients.Outputs = memory + ((next->Input + next->Convolution.LeftBorder) * width);
                gradients.OutputPitch = next->Convolution.RowPitch * width;
            }

            RunChunks<TSimd, TVector>(block, memory, gradients, chunkMemory);
            if (wantsInput)
            {
                BatchLanesShape turned = block->Convolution.Turned;
                EvenParts parts = new(turned.OutputChannels, BatchLanesTiles.Channels);
                for (int part = 0; part < parts.Count; part++)
                {
                    int channel = parts.Start(part);
                    int count = parts.Length(part);
                    BatchLanesConvolution.Forward<TSimd, TVector>(
                        turned,
                        plane,
                        block->TurnedWeights + channel,
                        null,
                        rectifies: false,
                        0,
                        turned.OutputHeight,
                        count,
                        inputGradient + (channel * width),
                        (nint)turned.OutputWidth * turned.OutputChannels * width,
                        turned.OutputChannels * width);
                }
            }

            nint weights = block->Convolution.WeightsLength;
            if (block->WeightGradients != null)
            {
                BatchLanesEdges.SumLanes<TSimd, TVector>(sums, weights, block->WeightGradients + (group * weights));
            }

            if (block->BiasGradients != null)
            {
                nint channels = block->Channels;
                BatchLanesEdges.SumLanes<TSimd, TVector>(
                    sums + (weights * width), channels, block->BiasGradients + (group * channels));
            }
        }

        if (chain->Dx != null)
        {
            BatchLanesShape s = chain->Blocks->Convolution;
            nint image = (nint)s.InputHeight * s.InputWidth * s.InputChannels;
            BatchLanesEdges.Leave<TSimd, TVector>(
                odd, 0, chain->Dx + (group * width * image), image, images, 1, image, chain->AccumulateDx);
        }
    }

    /// <summary>
    /// Brings the gradient of a block's output through its pooling and its function, chunk by chunk, and adds it to the sums and to the plane.
    /// </summary>
    private static void RunChunks<TSimd, TVector>(
        BatchLanesBlock* block, float* memory, in Gradients gradients, float* chunkMemory)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        BatchLanesShape s = block->Convolution;
        BatchLanesShape turned = s.Turned;
        int channels = block->Channels;
        EvenParts parts = block->ChannelParts;
        int chunks = block->Chunks.Count;
        nint pixelPitch = channels * width;
        nint outputRow = block->OutputRow * width;
        float* x = memory + (block->Input * width);
        float* plane = gradients.Plane;
        float* sums = gradients.Sums;
        float* biasSums = sums + (s.WeightsLength * width);
        new Span<float>(biasSums, channels * (int)width).Clear();
        bool begins = (block->Pooling == BatchLanesPooling.None || block->Windows.StrideHeight == block->Windows.KernelHeight)
            && BatchLanesConvolution.EveryTapRowMeets(s, block->Chunk(chunks - 1).To);
        if (!begins)
        {
            new Span<float>(sums, checked((int)(s.WeightsLength * width))).Clear();
        }

        if (plane != null)
        {
            BatchLanesForward.ClearBorders(turned, plane, (int)width);
        }

        int done = 0;
        for (int i = 0; i < chunks; i++)
        {
            BatchLanesChunk chunk = block->Chunk(i);
            float* dy = gradients.Rows + (chunk.FirstOutput * gradients.ChunkPitch);
            float* y = gradients.Outputs + (chunk.FirstOutput * gradients.OutputPitch);
            nint outputPitch = gradients.OutputPitch;
            if (gradients.ImageGradients != null)
            {
                EnterChunk<TSimd, TVector>(block, chunk, gradients.ImageGradients, gradients.ImageCount, dy);
            }

            if (gradients.Images != null)
            {
                y = dy + (block->ChunkOutputLength * width);
                outputPitch = outputRow;
                EnterChunk<TSimd, TVector>(block, chunk, gradients.Images, gradients.ImageCount, y);
            }

            if (block->KeepsOutput)
            {
                // The function goes along with the maximum: the value of the window is that of its winner.
                for (int row = 0; row < chunk.EndOutput - chunk.FirstOutput; row++)
                {
                    float* at = dy + (row * outputRow);
                    block->ActivationGradient(y + (row * outputPitch), at, at, outputRow, block->Alpha);
                }
            }

            if (plane != null)
            {
                ClearRows(turned, plane, done, chunk.From, width);
                done = chunk.To;
            }

            for (int part = 0; part < parts.Count; part++)
            {
                int channel = parts.Start(part);
                int count = parts.Length(part);
                nint pixel = count * width;
                nint pixels = (chunk.To - chunk.From) * (nint)s.OutputWidth;
                float* from = dy + (channel * width);
                switch (block->Pooling)
                {
                    case BatchLanesPooling.Maximum:
                        new BatchLanesMaxPooling
                        {
                            Windows = block->Windows,
                            Chunk = chunk,
                            Channels = count,
                            Values = chunkMemory,
                            Output = from,
                            RowPitch = outputRow,
                            PixelPitch = pixelPitch,
                            Winners = block->WinnersOf(memory, chunk, channel, width),
                        }.Backward<TSimd, TVector>(block->BiasGradients == null ? null : biasSums + (channel * width));
                        break;
                    case BatchLanesPooling.Average:
                        BatchLanesAveragePooling.Backward<TSimd, TVector>(
                            block->Windows, chunk, count, from, pixelPitch, chunkMemory);
                        break;
                    default:
                        CopyPixels<TSimd, TVector>(from, pixelPitch, chunkMemory, pixel, pixels, count);
                        break;
                }

                if (block->KeepsValues)
                {
                    float* values = block->ValuesOf(memory, chunk, channel, width);
                    block->ActivationGradient(values, chunkMemory, chunkMemory, pixels * pixel, block->Alpha);
                }

                if (block->BiasGradients != null && block->Pooling != BatchLanesPooling.Maximum)
                {
                    BatchLanesConvolution.AddBiasGradient<TSimd, TVector>(
                        chunkMemory, pixels, pixel, count, biasSums + (channel * width));
                }

                if (block->WeightGradients != null)
                {
                    BatchLanesConvolution.AddWeightGradient<TSimd, TVector>(
                        s, x, chunkMemory, chunk.From, chunk.To, count, sums + (channel * width), begins);
                }

                for (int row = chunk.From; row < chunk.To && plane != null; row++)
                {
                    CopyPixels<TSimd, TVector>(
                        chunkMemory + ((row - chunk.From) * s.OutputWidth * pixel),
                        pixel,
                        plane + (((row * turned.RowPitch) + turned.LeftBorder + channel) * width),
                        pixelPitch,
                        s.OutputWidth,
                        count);
                }
            }
        }

        if (plane != null)
        {
            ClearRows(turned, plane, done, s.OutputHeight, width);
        }
    }

    // Rows of a convolution's results that no window holds.
    private static void ClearRows(in BatchLanesShape turned, float* plane, int from, int to, nint width)
    {
        if (from < to)
        {
            nint pitch = turned.RowPitch * width;
            new Span<float>(plane + (from * pitch), checked((int)((to - from) * pitch))).Clear();
        }
    }

    private static void CopyPixels<TSimd, TVector>(float* from, nint fromPitch, float* to, nint toPitch, nint pixels, int channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint length = channels * TSimd.Width;
        for (; pixels > 0; pixels--, from += fromPitch, to += toPitch)
        {
            for (nint i = 0; i < length; i += TSimd.Width)
            {
                TSimd.Store(to + i, TSimd.Load(from + i));
            }
        }
    }

    private static void EnterChunk<TSimd, TVector>(
        BatchLanesBlock* block, in BatchLanesChunk chunk, float* images, int count, float* rows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        BatchLanesEdges.Enter<TSimd, TVector>(
            images + (chunk.FirstOutput * block->OutputRow),
            block->OutputLength,
            count,
            1,
            (chunk.EndOutput - chunk.FirstOutput) * block->OutputRow,
            rows,
            0);

    /// <summary>The gradients around a block.</summary>
    private struct Gradients
    {
        /// <summary>The gradient of the block's output, from its first row; of the last block only the present chunk's.</summary>
        public float* Rows;

        /// <summary>Floats from a row to the next of another chunk: 0 for the last block.</summary>
        public nint ChunkPitch;

        /// <summary>The gradient of the images of the chain's output; for the last block only, else null.</summary>
        public float* ImageGradients;

        /// <summary>The images of the chain's output, where the last block's function reads them; else null.</summary>
        public float* Images;

        /// <summary>The number of images.</summary>
        public int ImageCount;

        /// <summary>The block's output, of all but the last.</summary>
        public float* Outputs;

        /// <summary>Floats from a row of the output to the next.</summary>
        public nint OutputPitch;

        /// <summary>Receives the gradient of the convolution's results; null where none of the input is asked for.</summary>
        public float* Plane;

        /// <summary>Receives the gradients of the weights and the bias, lane by lane.</summary>
        public float* Sums;
    }
}
