using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// A network compiled for inference or for training: the steps to run, one after the other, and the buffers they work on. A plan holds
/// no numbers; any number of runs, each with memory of its own, can use it at once, for any batch.
/// </summary>
internal sealed class Plan
{
    /// <summary>Every buffer; ops know them by their number.</summary>
    public required IReadOnlyList<PlanBuffer> Buffers { get; init; }

    /// <summary>What is run, in order.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>
    /// What is run behind the last step of a training plan, all of it or nothing: running statistics move where the whole batch was computed,
    /// and stay where it was cancelled.
    /// </summary>
    public IReadOnlyList<PlanStep> StatisticsSteps { get; init; } = [];

    /// <summary>What is run once for given weights, into constant buffers.</summary>
    public required IReadOnlyList<PlanStep> PrepareSteps { get; init; }

    /// <summary>The foldings to compute once for given weights, before <see cref="PrepareSteps"/>.</summary>
    public required IReadOnlyList<BatchNormFolding> Foldings { get; init; }

    /// <summary>The buffer of each value that has one.</summary>
    public required IReadOnlyDictionary<int, int> BufferOfValue { get; init; }

    /// <summary>The buffer of the network's input.</summary>
    public required int Input { get; init; }

    /// <summary>The buffer of the network's output: in a training plan what the loss reads.</summary>
    public required int Output { get; init; }

    /// <summary>The buffer of the gradient of the input; -1 where it was not asked for.</summary>
    public int InputGradient { get; init; } = -1;

    /// <summary>Bytes of scratch that each thread needs.</summary>
    public nuint ScratchBytes { get; init; }

    /// <summary>Runs every step.</summary>
    /// <returns>False where it was cancelled before the last one.</returns>
    public bool Run(in Execution execution)
    {
        for (int i = 0; i < Steps.Count; i++)
        {
            if (execution.CancellationToken.IsCancellationRequested)
            {
                return false;
            }

            Steps[i].Run(execution);
        }

        MoveStatistics(execution);
        return true;
    }

    /// <summary>Moves running statistics, when every step has run.</summary>
    public void MoveStatistics(in Execution execution)
    {
        for (int i = 0; i < StatisticsSteps.Count; i++)
        {
            StatisticsSteps[i].Run(execution);
        }
    }

    /// <summary>The plan as text: one line a step, with the layer, the output's shape, and the kernel with what is fused into it.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (PlanStep step in Steps)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{step.Action,-15} {step.Node.Name,-16} {step.Node.Output.Shape,-14} {PlanStepCost.Kernel(step)}\n");
        }

        return text.ToString();
    }
}
