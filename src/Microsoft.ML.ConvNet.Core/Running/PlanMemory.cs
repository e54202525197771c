using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>The memory of one run of a plan at a time: an arena, and the table that says where every buffer is.</summary>
internal sealed unsafe class PlanMemory : IDisposable, IPooledMemory
{
    private readonly NativeBuffer _arena;
    private readonly NativeBuffer _table;

    /// <summary>Takes memory for batches of at most the given size.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="capacity">The largest batch.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="parameters">A share in the weights' memory, held as long as this is used.</param>
    /// <param name="gradients">The gradients, laid out as the weights' block; null in inference.</param>
    /// <param name="constants">The constants, which live as long as this is used; null in training.</param>
    public PlanMemory(
        Plan plan, int capacity, Weights weights, NativeShare parameters, float* gradients = null, PlanConstants? constants = null)
    {
        Capacity = capacity;
        ArenaLayout layout = new(plan, capacity);
        _table = new NativeBuffer((nuint)plan.Buffers.Count * (nuint)sizeof(float*));
        _arena = new NativeBuffer((nuint)Math.Max(layout.Length, 1) * sizeof(float));
        for (int i = 0; i < plan.Buffers.Count; i++)
        {
            PlanBuffer buffer = plan.Buffers[i];
            Buffers[i] = buffer.Kind switch
            {
                PlanBufferKind.Arena => _arena.Floats + layout.Offsets[i],
                PlanBufferKind.Parameter => parameters.Floats + weights.OffsetOf(buffer.Parameter),
                PlanBufferKind.Gradient => gradients + weights.OffsetOf(buffer.Parameter),
                _ => constants!.PointerOf(i),
            };
        }
    }

    /// <summary>The largest batch that fits.</summary>
    public int Capacity { get; }

    /// <summary>Bytes of the arena.</summary>
    public nuint ArenaBytes => _arena.Length;

    long IPooledMemory.Bytes => (long)ArenaBytes;

    /// <summary>Where each buffer is.</summary>
    public float** Buffers => (float**)_table.Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        _arena.Dispose();
        _table.Dispose();
    }

    void IPooledMemory.Free() => Dispose();
}
