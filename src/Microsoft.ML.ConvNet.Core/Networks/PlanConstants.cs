using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>What a plan computes once from the weights: folded and packed parameters, shared by all its runs.</summary>
internal sealed unsafe class PlanConstants : IDisposable
{
    private readonly Plan _plan;
    private readonly nint[] _offsets;
    private readonly NativeBuffer _buffer;

    /// <summary>Takes the memory and computes the constants for the given weights.</summary>
    public PlanConstants(Plan plan, Weights weights, int numberOfThreads)
    {
        _plan = plan;
        _offsets = new nint[plan.Buffers.Count];
        nint length = 0;
        for (int i = 0; i < _offsets.Length; i++)
        {
            if (plan.Buffers[i].Kind == PlanBufferKind.Constant)
            {
                _offsets[i] = length;
                length += Weights.Padded(plan.Buffers[i].Length(1));
            }
        }

        _buffer = new NativeBuffer((nuint)Math.Max(length, 1) * sizeof(float));
        Compute(weights, numberOfThreads);
    }

    /// <summary>Bytes of the constants.</summary>
    public nuint Bytes => _buffer.Length;

    /// <summary>Where a constant buffer is.</summary>
    public float* PointerOf(int buffer) => _buffer.Floats + _offsets[buffer];

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private void Compute(Weights weights, int numberOfThreads)
    {
        foreach (BatchNormFolding folding in _plan.Foldings)
        {
            folding.Fold(
                Source(folding.Weight, weights),
                folding.Bias == null ? null : Source(folding.Bias, weights),
                Source(folding.Normalization[0], weights),
                Source(folding.Normalization[1], weights),
                Source(folding.Normalization[2], weights),
                Source(folding.Normalization[3], weights),
                PointerOf(_plan.BufferOfValue[folding.FoldedWeight.Index]),
                PointerOf(_plan.BufferOfValue[folding.FoldedBias.Index]));
        }

        using WorkerGang gang = WorkerPool.Shared.Lease(numberOfThreads);
        gang.ReserveScratch(_plan.ScratchBytes);
        using NativeBuffer table = new((nuint)_plan.Buffers.Count * (nuint)sizeof(float*));
        float** buffers = (float**)table.Pointer;
        for (int i = 0; i < _plan.Buffers.Count; i++)
        {
            buffers[i] = _plan.Buffers[i].Kind switch
            {
                PlanBufferKind.Constant => PointerOf(i),
                PlanBufferKind.Parameter => weights.Pointer + weights.OffsetOf(_plan.Buffers[i].Parameter),
                _ => null,
            };
        }

        Execution execution = new() { Gang = gang, Batch = 1, Buffers = buffers };
        foreach (PlanStep step in _plan.PrepareSteps)
        {
            step.Run(execution);
        }
    }

    private float* Source(OpValue value, Weights weights) => value.ParameterIndex >= 0
        ? weights.Pointer + weights.OffsetOf(value.ParameterIndex)
        : PointerOf(_plan.BufferOfValue[value.Index]);
}
