using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>The memory of one run of a plan at a time: an arena, and the table that says where every buffer is.</summary>
internal sealed unsafe class PlanMemory : IDisposable
{
    private readonly NativeBuffer _arena;
    private readonly NativeBuffer _table;

    /// <summary>Takes memory for batches of at most the given size.</summary>
    public PlanMemory(Plan plan, int capacity, Weights weights, float* gradients, PlanConstants? constants)
    {
        Capacity = capacity;
        ArenaLayout layout = new(plan, capacity);
        _arena = new NativeBuffer((nuint)Math.Max(layout.Length, 1) * sizeof(float));
        _table = new NativeBuffer((nuint)plan.Buffers.Count * (nuint)sizeof(float*));
        for (int i = 0; i < plan.Buffers.Count; i++)
        {
            PlanBuffer buffer = plan.Buffers[i];
            Buffers[i] = buffer.Kind switch
            {
                PlanBufferKind.Arena => _arena.Floats + layout.Offsets[i],
                PlanBufferKind.Parameter => weights.Pointer + weights.OffsetOf(buffer.Parameter),
                PlanBufferKind.Gradient => gradients + weights.OffsetOf(buffer.Parameter),
                _ => constants!.PointerOf(i),
            };
        }
    }

    /// <summary>The largest batch that fits.</summary>
    public int Capacity { get; }

    /// <summary>Bytes of the arena.</summary>
    public nuint ArenaBytes => _arena.Length;

    /// <summary>Where each buffer is.</summary>
    public float** Buffers => (float**)_table.Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        _arena.Dispose();
        _table.Dispose();
    }
}
