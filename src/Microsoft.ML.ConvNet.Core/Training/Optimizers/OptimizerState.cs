using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>What an optimizer remembers from step to step: a few numbers for each weight, and the number of steps.</summary>
internal sealed unsafe class OptimizerState : IDisposable
{
    private readonly Weights[] _slots;
    private readonly float _initialValue;

    /// <summary>Takes the memory for an optimizer and weights, as it is before the first step.</summary>
    public OptimizerState(Optimizer optimizer, Weights weights)
    {
        _slots = new Weights[optimizer.SlotCount];
        _initialValue = optimizer.InitialSlotValue;
        try
        {
            for (int i = 0; i < _slots.Length; i++)
            {
                _slots[i] = new Weights(weights.Network);
            }

            if (_initialValue != 0)
            {
                Clear();
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

    /// <summary>The momentum of the step that comes, in place of the optimizer's; null for that.</summary>
    public float? Momentum { get; set; }

    /// <summary>The product of the momenta of all steps, where they differ from step to step; 1 before the first.</summary>
    public double MomentumProduct { get; set; } = 1;

    /// <summary>The remembered numbers of each kind, one for each weight.</summary>
    public IReadOnlyList<Weights> Slots => _slots;

    /// <summary>The remembered numbers of one kind, laid out as the weights' block.</summary>
    public float* Slot(int index) => _slots[index].Pointer;

    /// <summary>Forgets the steps so far.</summary>
    public void Clear()
    {
        Step = 0;
        MomentumProduct = 1;
        foreach (Weights slot in _slots)
        {
            foreach (string name in slot.Names)
            {
                slot[name].Span.Fill(_initialValue);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Fewer where memory was short.
        foreach (Weights? slot in _slots)
        {
            slot?.Dispose();
        }
    }
}
