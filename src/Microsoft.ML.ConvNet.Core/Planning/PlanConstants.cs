using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>What a plan computes once from the weights: folded and packed parameters, shared by all its runs.</summary>
internal sealed unsafe class PlanConstants : IDisposable
{
    private readonly Plan _plan;
    private readonly nint[] _offsets;
    private readonly NativeBuffer _buffer;

    /// <summary>Takes the memory and computes the constants for the given weights.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="parameters">A share in the weights' memory, held until the constants are computed.</param>
    /// <param name="numberOfThreads">The most threads to use.</param>
    public PlanConstants(Plan plan, Weights weights, NativeShare parameters, int numberOfThreads)
    {
        _plan = plan;
        _offsets = new nint[plan.Buffers.Count];
        nint length = 0;
        nint temporaryLength = 0;
        for (int i = 0; i < _offsets.Length; i++)
        {
            if (plan.Buffers[i].Kind == PlanBufferKind.Constant)
            {
                ref nint end = ref plan.Buffers[i].LastStep < 0 ? ref temporaryLength : ref length;
                _offsets[i] = end;
                end += Weights.Padded(plan.Buffers[i].Length(1));
            }
        }

        _buffer = new NativeBuffer((nuint)Math.Max(length, 1) * sizeof(float));
        using NativeBuffer temporary = new((nuint)Math.Max(temporaryLength, 1) * sizeof(float));
        try
        {
            Compute(weights, parameters, numberOfThreads, temporary.Floats);
        }
        catch
        {
            _buffer.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the constants.</summary>
    public nuint Bytes => _buffer.Length;

    /// <summary>Where a constant buffer is that the plan's steps read; null for one that only packing reads.</summary>
    public float* PointerOf(int buffer) => PointerOf(buffer, null);

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private float* PointerOf(int buffer, float* temporary)
    {
        bool isTemporary = _plan.Buffers[buffer].LastStep < 0;
        return isTemporary && temporary == null ? null : (isTemporary ? temporary : _buffer.Floats) + _offsets[buffer];
    }

    private void Compute(Weights weights, NativeShare parameters, int numberOfThreads, float* temporary)
    {
        foreach (BatchNormFolding folding in _plan.Foldings)
        {
            folding.Fold(
                Source(folding.Weight),
                folding.Bias == null ? null : Source(folding.Bias),
                Source(folding.Normalization[0]),
                Source(folding.Normalization[1]),
                Source(folding.Normalization[2]),
                Source(folding.Normalization[3]),
                PointerOf(_plan.BufferOfValue[folding.FoldedWeight.Index], temporary),
                PointerOf(_plan.BufferOfValue[folding.FoldedBias.Index], temporary));
        }

        using WorkerGang gang = WorkerPool.Shared.Lease(numberOfThreads);
        gang.ReserveScratch(_plan.ScratchBytes);
        using NativeBuffer table = new((nuint)_plan.Buffers.Count * (nuint)sizeof(float*));
        float** buffers = (float**)table.Pointer;
        for (int i = 0; i < _plan.Buffers.Count; i++)
        {
            buffers[i] = _plan.Buffers[i].Kind switch
            {
                PlanBufferKind.Constant => PointerOf(i, temporary),
                PlanBufferKind.Parameter => parameters.Floats + weights.OffsetOf(_plan.Buffers[i].Parameter),
                _ => null,
            };
        }

        Execution execution = new() { Gang = gang, Batch = 1, Buffers = buffers };
        foreach (PlanStep step in _plan.PrepareSteps)
        {
            step.Run(execution);
        }

        float* Source(OpValue value) => value.ParameterIndex >= 0
            ? parameters.Floats + weights.OffsetOf(value.ParameterIndex)
            : PointerOf(_plan.BufferOfValue[value.Index], temporary);
    }
}
