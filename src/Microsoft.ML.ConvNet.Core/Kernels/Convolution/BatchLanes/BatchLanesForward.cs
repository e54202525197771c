using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>The forward pass of a chain for one group of images.</summary>
internal static unsafe class BatchLanesForward
{
    /// <summary>Vectors of scratch memory that a thread needs.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="groupLength">Vectors of the memory of a group; 0 where that is kept.</param>
    public static nint ScratchLength(ReadOnlySpan<BatchLanesBlock> blocks, nint groupLength)
    {
        nint chunk = LongestChunk(blocks);
        return groupLength + chunk + blocks[^1].ChunkOutputLength;
    }

    /// <summary>Runs a group.</summary>
    public static void Run<TSimd, TVector>(BatchLanesChain* chain, int group, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width;
        int images = Math.Min(width, chain->Batch - (group * width));
        bool training = chain->Saved != null;
        nint groupLength = chain->GroupLength * width;
        float* memory = training ? chain->Saved + (group * groupLength) : (float*)scratch;
        float* chunkMemory = training ? (float*)scratch : memory + groupLength;

        BatchLanesBlock* first = chain->Blocks;
        BatchLanesShape s = first->Convolution;
        ClearBorders(s, memory + (first->Input * width), width);
        nint image = (nint)s.InputHeight * s.InputWidth * s.InputChannels;
        bool isOneRun = s.RowPitch == (nint)s.InputWidth * s.InputChannels;
        BatchLanesEdges.Enter<TSimd, TVector>(
            chain->X + ((nint)group * width * image),
            image,
            images,
            isOneRun ? 1 : s.InputHeight,
            isOneRun ? image : (nint)s.InputWidth * s.InputChannels,
            memory + ((first->Input + s.LeftBorder) * width),
            s.RowPitch * width);

        int last = chain->Count - 1;
        for (int i = 0; i < last; i++)
        {
            BatchLanesBlock* block = chain->Blocks + i;
            BatchLanesShape next = block[1].Convolution;
            ClearBorders(next, memory + (block[1].Input * width), width);
            Outputs outputs = new()
            {
                Rows = memory + ((block[1].Input + next.LeftBorder) * width),
                RowPitch = next.RowPitch * width,
                ChunkPitch = next.RowPitch * width,
            };
            RunBlock<TSimd, TVector>(block, memory, outputs, chunkMemory);
        }

        BatchLanesBlock* end = chain->Blocks + last;
        Outputs results = new()
        {
            Rows = chunkMemory + (LongestChunk(new ReadOnlySpan<BatchLanesBlock>(chain->Blocks, chain->Count)) * width),
            RowPitch = end->OutputRow * width,
            ChunkPitch = 0,
            Images = chain->Y + ((nint)group * width * end->OutputLength),
            ImageCount = images,
        };
        RunBlock<TSimd, TVector>(end, memory, results, chunkMemory);
    }

    /// <summary>Sets the borders of a convolution's input to zero.</summary>
    internal static void ClearBorders(in BatchLanesShape s, float* plane, int width)
    {
        int left = (int)s.LeftBorder * width;
        int inside = s.InputWidth * s.InputChannels * width;
        int pitch = (int)s.RowPitch * width;
        for (int row = 0; row < s.InputHeight && pitch > inside; row++, plane += pitch)
        {
            new Span<float>(plane, left).Clear();
            new Span<float>(plane + left + inside, pitch - left - inside).Clear();
        }
    }

    private static nint LongestChunk(ReadOnlySpan<BatchLanesBlock> blocks)
    {
        nint longest = 0;
        foreach (ref readonly BatchLanesBlock block in blocks)
        {
            longest = nint.Max(longest, block.ChunkLength);
        }

        return longest;
    }

    private static void RunBlock<TSimd, TVector>(BatchLanesBlock* block, float* memory, in Outputs outputs, float* chunkMemory)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint width = TSimd.Width;
        BatchLanesShape s = block->Convolution;
        int channels = block->Channels;
        EvenParts parts = block->ChannelParts;
        int chunks = block->Chunks.Count;
        nint pixelPitch = channels * width;
        nint rowPitch = outputs.RowPitch;
        bool rectifies = block->IsRelu && block->Pooling != BatchLanesPooling.Maximum;
        float* x = memory + (block->Input * width);
        for (int i = 0; i < chunks; i++)
        {
            BatchLanesChunk chunk = block->Chunk(i);
            float* to = outputs.Rows + (chunk.FirstOutput * outputs.ChunkPitch);
            for (int part = 0; part < parts.Count; part++)
            {
                int channel = parts.Start(part);
                int count = parts.Length(part);
                float* weights = block->Weights + channel;
                float* bias = block->Bias == null ? null : block->Bias + channel;
                float* pooled = to + (channel * width);
                if (block->Pooling == BatchLanesPooling.None)
                {
                    BatchLanesConvolution.Forward<TSimd, TVector>(
                        s, x, weights, bias, rectifies, chunk.From, chunk.To, count, pooled, rowPitch, pixelPitch);
                    continue;
                }

                nint pixel = count * width;
                nint length = (chunk.To - chunk.From) * s.OutputWidth * pixel;
                float* values = block->Values < 0 ? chunkMemory : block->ValuesOf(memory, chunk, channel, width);
                BatchLanesConvolution.Forward<TSimd, TVector>(
                    s, x, weights, bias, rectifies, chunk.From, chunk.To, count, values, s.OutputWidth * pixel, pixel);
                if (block->Activation != null)
                {
                    block->Activation(values, values, length, block->Alpha);
                }

                if (block->Pooling == BatchLanesPooling.Maximum)
                {
                    new BatchLanesMaxPooling
                    {
                        Windows = block->Windows,
                        Chunk = chunk,
                        Channels = count,
                        Rectifies = block->IsRelu,
                        Values = values,
                        Output = pooled,
                        RowPitch = rowPitch,
                        PixelPitch = pixelPitch,
                        Winners = block->WinnersOf(memory, chunk, channel, width),
                    }.Forward<TSimd, TVector>();
                }
                else
                {
                    BatchLanesAveragePooling.Forward<TSimd, TVector>(
                        block->Windows, chunk, count, values, pooled, rowPitch, pixelPitch);
                }
            }

            if (block->Pooling == BatchLanesPooling.None && block->Activation != null)
            {
                for (int row = 0; row < chunk.To - chunk.From; row++)
                {
                    float* at = to + (row * rowPitch);
                    block->Activation(at, at, block->OutputRow * width, block->Alpha);
                }
            }

            if (outputs.Images != null)
            {
                BatchLanesEdges.Leave<TSimd, TVector>(
                    to,
                    0,
                    outputs.Images + (chunk.FirstOutput * block->OutputRow),
                    block->OutputLength,
                    outputs.ImageCount,
                    1,
                    (chunk.EndOutput - chunk.FirstOutput) * block->OutputRow,
                    accumulate: false);
            }
        }
    }

    /// <summary>Where the output of a block goes.</summary>
    private struct Outputs
    {
        /// <summary>The first row; of the last block that of the present chunk.</summary>
        public float* Rows;

        /// <summary>Floats from a row to the next in a chunk.</summary>
        public nint RowPitch;

        /// <summary>Floats from a row to the next of another chunk: 0 for the last block.</summary>
        public nint ChunkPitch;

        /// <summary>The images of the chain's output, of the last block; else null.</summary>
        public float* Images;

        /// <summary>The number of images.</summary>
        public int ImageCount;
    }
}
