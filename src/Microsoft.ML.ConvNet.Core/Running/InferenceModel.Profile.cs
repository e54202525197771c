using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Threading;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Running;

/// <content>What scoring costs.</content>
public sealed unsafe partial class InferenceModel
{
    /// <summary>
    /// Measures where time and memory go when a batch is scored: each step's kernel, memory and median time. The samples are random. Only
    /// these runs look at the clock; other calls are as fast as ever.
    /// </summary>
    /// <param name="batch">The number of samples N, from 1.</param>
    /// <param name="runs">How often the batch is measured; 0 for as many times as some seconds have room for.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is no sample, or more than an array can hold; or the number of runs is negative.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public PlanProfile Profile(int batch = 1, int runs = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RequireBatch(batch);
        PlanClock.RequireRuns(runs);
        int inputLength = Network.InputShape.ElementCount;
        float[] inputs = new float[batch * inputLength];
        float[] outputs = new float[batch * OutputShape.ElementCount];
        RandomStream random = new(0, RandomPurpose.Synthesis);
        for (int i = 0; i < inputs.Length; i++)
        {
            // One random sample, again and again.
            inputs[i] = i < inputLength ? random.NextSingle(-1, 1) : inputs[i - inputLength];
        }

        PlanClock clock = new(_plan);
        clock.Measure(() => RunInParts(new InputBatch(inputs), batch, outputs, clock), runs);
        return clock.ToProfile(Network, batch, PartOf(batch), _numberOfThreads, isTraining: false, Memory(batch));
    }

    /// <summary>
    /// The bytes of native memory that scoring batches of a size takes: the arena, one for each call at a time, and the packed weights,
    /// which all calls share. Large batches are scored in parts, so that the arena does not grow without bounds.
    /// </summary>
    /// <param name="batch">The number of samples N, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no sample, or more than an array can hold.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public long PlannedBytes(int batch = 1)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RequireBatch(batch);
        return PlanStepCost.ArenaBytes(_plan, PartOf(batch)) + _loaded.ConstantBytes;
    }

    private void RequireBatch(int batch)
    {
        int most = Array.MaxLength / Math.Max(Math.Max(Network.InputShape.ElementCount, OutputShape.ElementCount), 1);
        if (batch < 1 || batch > most)
        {
            throw new ArgumentOutOfRangeException(nameof(batch), batch, Invariant($"A batch has from 1 to {most:N0} samples."));
        }
    }

    private MemoryProfile Memory(int batch)
    {
        int part = PartOf(batch);
        return new MemoryProfile(
            PlanStepCost.ArenaBytes(_plan, part),
            PlanStepCost.LiveBytes(_plan, part),
            _loaded.ConstantBytes,
            _loaded.ParameterBytes,
            GradientBytes: 0,
            OptimizerBytes: 0,
            (long)_plan.ScratchBytes * _numberOfThreads);
    }
}
