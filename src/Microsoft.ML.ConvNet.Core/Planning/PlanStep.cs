using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>What a step of a plan does with its op.</summary>
internal enum PlanAction
{
    /// <summary>Brings parameters into the forward kernel's form.</summary>
    Prepare,

    /// <summary>Computes as in inference.</summary>
    Forward,

    /// <summary>Computes as in training.</summary>
    ForwardTraining,

    /// <summary>Brings parameters into the backward kernel's form.</summary>
    PrepareBackward,

    /// <summary>Computes gradients.</summary>
    Backward,

    /// <summary>Moves running statistics.</summary>
    MoveStatistics,
}

/// <summary>One step of a plan.</summary>
/// <param name="Node">The op at its place in the graph.</param>
/// <param name="Binding">The buffers that it works on.</param>
/// <param name="Action">What is done.</param>
internal sealed record PlanStep(OpNode Node, OpBinding Binding, PlanAction Action)
{
    /// <summary>Runs the step.</summary>
    public void Run(in Execution execution)
    {
        switch (Action)
        {
            case PlanAction.Prepare:
                Node.Op.Prepare(execution, Binding);
                break;
            case PlanAction.Forward:
                Node.Op.Forward(execution, Binding);
                break;
            case PlanAction.ForwardTraining:
                Node.Op.ForwardTraining(execution, Binding);
                break;
            case PlanAction.PrepareBackward:
                Node.Op.PrepareBackward(execution, Binding);
                break;
            case PlanAction.MoveStatistics:
                Node.Op.MoveStatistics(execution, Binding);
                break;
            default:
                Node.Op.Backward(execution, Binding);
                break;
        }
    }
}
