using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>
/// An inference plan with the numbers of given weights: a share in their memory, the constants computed from them, and the memories of the
/// runs. Who runs the plan enters it first and leaves it afterwards: all of it is freed, once, when it is disposed of and the last
/// run has left.
/// </summary>
internal sealed unsafe class LoadedPlan : IDisposable
{
    private readonly Plan _plan;
    private readonly Weights _weights;
    private readonly NativeShare _parameters;
    private readonly PlanConstants _constants;
    private readonly IdlePool<PlanMemory> _memories;
    private UseCount _runs;

    /// <summary>Computes the constants.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="weights">The weights, which are not to be changed as long as the plan is run.</param>
    /// <param name="numberOfThreads">The most threads to use for the constants.</param>
    /// <param name="clock">Tells when memory that many runs at once needed can go.</param>
    /// <exception cref="ObjectDisposedException">The weights were disposed of.</exception>
    public LoadedPlan(Plan plan, Weights weights, int numberOfThreads, TimeProvider clock)
    {
        _plan = plan;
        _weights = weights;
        _parameters = weights.Share();
        _memories = new IdlePool<PlanMemory>(clock);
        try
        {
            _constants = new PlanConstants(plan, weights, _parameters, numberOfThreads);
        }
        catch
        {
            _parameters.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the constants.</summary>
    public long ConstantBytes => (long)_constants.Bytes;

    /// <summary>Bytes of the weights' block.</summary>
    public long ParameterBytes => (long)_weights.Length * sizeof(float);

    /// <summary>Bytes of the arenas that no run uses now.</summary>
    public long IdleBytes => _memories.IdleBytes;

    /// <summary>Enters, to run the plan until <see cref="Exit"/>.</summary>
    /// <returns>False where it was disposed of.</returns>
    public bool TryEnter() => _runs.TryEnter();

    /// <summary>Leaves.</summary>
    public void Exit()
    {
        if (_runs.Exit())
        {
            Free();
        }
    }

    /// <summary>Lends memory for a run, to one who has entered.</summary>
    public PlanMemory Rent(int batch)
    {
        PlanMemory? memory = _memories.Take(batch);
        if (memory == null || memory.Capacity < batch)
        {
            memory?.Dispose();
            memory = new PlanMemory(_plan, batch, _weights, _parameters, constants: _constants);
        }

        return memory;
    }

    /// <summary>Takes memory back, before who rented it leaves.</summary>
    public void Return(PlanMemory memory) => _memories.Return(memory);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_runs.Close())
        {
            Free();
        }
    }

    private void Free()
    {
        _memories.Clear();
        _constants.Dispose();
        _parameters.Dispose();
    }
}
