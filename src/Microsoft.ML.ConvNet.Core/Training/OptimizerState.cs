using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>What an optimizer remembers from step to step: a few numbers for each weight, and the number of steps.</summary>
internal sealed unsafe class OptimizerState : IDisposable
{
    private readonly NativeBuffer[] _slots;

    /// <summary>Takes the memory, zeroed, for an optimizer and weights.</summary>
    public OptimizerState(Optimizer optimizer, Weights weights)
    {
        _slots = new NativeBuffer[optimizer.SlotCount];
        try
        {
            for (int i = 0; i < _slots.Length; i++)
            {
                _slots[i] = new NativeBuffer((nuint)Math.Max(weights.Length, 1) * sizeof(float));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of steps made.</summary>
    public long Step { get; set; }

    /// <summary>The remembered numbers of one kind, laid out as the weights' block.</summary>
    public float* Slot(int index) => _slots[index].Floats;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Fewer where memory was short.
        foreach (NativeBuffer? slot in _slots)
        {
            slot?.Dispose();
        }
    }
}
