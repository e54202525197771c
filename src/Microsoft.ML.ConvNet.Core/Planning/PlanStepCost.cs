using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>What the steps of a plan cost for a batch, from their ops and buffers, without running them.</summary>
internal static class PlanStepCost
{
    /// <summary>What is computed, with what is fused into it, and the algorithm where there are several.</summary>
    public static string Kernel(PlanStep step)
    {
        Op op = step.Node.Op;
        string text = op.Describe();
        text = text == op.Kind ? text : $"{op.Kind} {text}";
        string? algorithm = step.Action switch
        {
            PlanAction.Prepare or PlanAction.Forward or PlanAction.ForwardTraining => op.Algorithm,
            PlanAction.Backward when step.Binding.InputGradients[0] < 0 => null,
            _ => op.BackwardAlgorithm,
        };
        return algorithm == null ? text : $"{text}, {algorithm}";
    }

    /// <summary>What the step does, as profiles name it.</summary>
    public static StepKind Kind(PlanStep step) => step.Action switch
    {
        PlanAction.Prepare => StepKind.Pack,
        PlanAction.PrepareBackward => StepKind.PackForBackward,
        PlanAction.Backward => StepKind.Backward,
        _ => StepKind.Forward,
    };

    /// <summary>Multiplications with addition.</summary>
    public static long MultiplyAdds(PlanStep step, int batch) => batch * step.Action switch
    {
        PlanAction.Prepare or PlanAction.PrepareBackward => 0,
        PlanAction.Backward => step.Node.Op.BackwardMultiplyAdds(step.Binding),
        _ => step.Node.Op.MultiplyAdds,
    };

    /// <summary>Bytes of the arena that the step writes.</summary>
    public static long WrittenBytes(Plan plan, PlanStep step, int batch)
    {
        if (step.Node.Op is ConvolutionOp { Slice: { } slice } convolution)
        {
            // Of the buffer that several ops write.
            return (long)plan.Buffers[step.Binding.Output].Length(batch) / slice.Total * convolution.Geometry.OutputChannels * sizeof(float);
        }

        OpBinding binding = step.Binding;
        IEnumerable<int> written = step.Action switch
        {
            PlanAction.Prepare => [binding.Prepared],
            PlanAction.PrepareBackward => [binding.PreparedBackward],
            PlanAction.Backward => [.. binding.InputGradients, binding.BackwardWorkspace],
            _ => [binding.Output, binding.Saved, binding.Workspace],
        };
        return written
            .Where(buffer => buffer >= 0 && plan.Buffers[buffer].Kind == PlanBufferKind.Arena)
            .Distinct()
            .Sum(buffer => (long)plan.Buffers[buffer].Length(batch)) * sizeof(float);
    }

    /// <summary>Bytes of the arena for a batch.</summary>
    public static long ArenaBytes(Plan plan, int batch) => (long)new ArenaLayout(plan, batch).Length * sizeof(float);

    /// <summary>Bytes of the arena's buffers that live at the same time, at the step at which these are most.</summary>
    public static long LiveBytes(Plan plan, int batch)
    {
        // The buffers' lives as changes of the sum: after the last step the results are still read.
        long[] changes = new long[plan.Steps.Count + 2];
        foreach (PlanBuffer buffer in plan.Buffers.Where(buffer => buffer.Kind == PlanBufferKind.Arena && buffer.LastStep >= 0))
        {
            long bytes = (long)Weights.Padded(buffer.Length(batch)) * sizeof(float);
            changes[buffer.FirstStep] += bytes;
            changes[buffer.LastStep + 1] -= bytes;
        }

        long live = 0;
        long most = 0;
        foreach (long change in changes)
        {
            live += change;
            most = Math.Max(most, live);
        }

        return most;
    }
}
