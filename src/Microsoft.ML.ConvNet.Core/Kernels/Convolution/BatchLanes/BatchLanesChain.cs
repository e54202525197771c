using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>
/// Convolutions with few channels, functions and poolings, one after the other, for a batch of images [N, H, W, C]. The lanes of a vector
/// are images, so that vectors are full whatever the number of channels. A task takes as many images as a vector has lanes, the group, and
/// runs the whole chain for them, so that what flows between the blocks stays in the second-level cache.
/// </summary>
/// <remarks>
/// Results have the bits of <see cref="Direct.DirectConvolution"/>, <see cref="Pooling.MaxPooling"/>, <see cref="Pooling.AveragePooling"/> and
/// <see cref="Elementwise.ElementwiseKernels"/>. A weight's gradient is summed over the pixels of a group lane by lane, over the lanes, then over the groups:
/// in an order that follows from the batch alone. Callers reserve the scratch memory on the gang; nothing is allocated here.
/// </remarks>
internal unsafe struct BatchLanesChain
{
    /// <summary>The blocks.</summary>
    public BatchLanesBlock* Blocks;

    /// <summary>The number of blocks.</summary>
    public int Count;

    /// <summary>The number of images.</summary>
    public int Batch;

    /// <summary>Vectors of the memory of a group.</summary>
    public nint GroupLength;

    /// <summary>The memory of all groups, in training; else null: a group's is scratch memory.</summary>
    public float* Saved;

    /// <summary>The images.</summary>
    public float* X;

    /// <summary>The results; read by the backward pass where the last block's function needs them.</summary>
    public float* Y;

    /// <summary>The gradient of the results.</summary>
    public float* Dy;

    /// <summary>Receives the gradient of the images, or null.</summary>
    public float* Dx;

    /// <summary>Whether the gradient of the images is added to what is there.</summary>
    public bool AccumulateDx;

    /// <summary>The first block whose gradients are asked for.</summary>
    public int FirstBlock;

    /// <summary>The groups of a batch.</summary>
    public static int Groups(int batch) => Rounding.DivideUp(batch, SimdTier.Width);

    /// <summary>Says where everything lies in the memory of a group: in training side by side, else what is not needed any more makes room.</summary>
    /// <param name="blocks">The blocks; receive the places.</param>
    /// <param name="training">Whether a backward pass follows.</param>
    /// <returns>The length of all, in vectors.</returns>
    public static nint Place(Span<BatchLanesBlock> blocks, bool training)
    {
        // Inputs alternate between the start and what follows the longest of those at the start.
        nint even = 0;
        nint odd = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            nint length = blocks[i].Convolution.InputLength;
            (even, odd) = i % 2 == 0 ? (nint.Max(even, length), odd) : (even, nint.Max(odd, length));
        }

        nint next = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            ref BatchLanesBlock block = ref blocks[i];
            block.Values = -1;
            block.Winners = -1;
            block.Input = training ? Take(block.Convolution.InputLength) : i % 2 == 0 ? 0 : even;
            if (training && block.Pooling == BatchLanesPooling.Maximum)
            {
                block.Winners = Take(block.OutputLength);
            }

            if (training && block.KeepsValues)
            {
                block.Values = Take(block.Convolution.OutputLength);
            }
        }

        return training ? next : even + odd;

        nint Take(nint length)
        {
            nint at = next;
            next += length;
            return at;
        }
    }

    /// <summary>Runs the chain forward.</summary>
    public static void Forward(WorkerGang gang, BatchLanesChain* chain)
    {
        ForwardTask task = new(chain);
        SimdLoop.For(gang, Groups(chain->Batch), &task);
    }

    /// <summary>Runs the chain backward: each group leaves its own weight gradients.</summary>
    public static void Backward(WorkerGang gang, BatchLanesChain* chain)
    {
        BackwardTask task = new(chain);
        SimdLoop.For(gang, Groups(chain->Batch), &task);
    }

    /// <summary>A group forward.</summary>
    private readonly struct ForwardTask(BatchLanesChain* chain) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => BatchLanesForward.Run<TSimd, TVector>(chain, item, scratch);
    }

    /// <summary>A group backward.</summary>
    private readonly struct BackwardTask(BatchLanesChain* chain) : ISimdTask
    {
        /// <inheritdoc/>
        public void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => BatchLanesBackward.Run<TSimd, TVector>(chain, item, scratch);
    }
}
