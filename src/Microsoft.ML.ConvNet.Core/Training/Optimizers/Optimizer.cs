using Microsoft.ML.ConvNet.Kernels.Optimizers;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Training.Optimizers;

/// <summary>How the weights follow the gradient: the rule and its settings. What it remembers is held by the training.</summary>
/// <remarks>
/// Definitions and defaults are those of PyTorch 2's <c>torch.optim</c>, but for the momentum of <see cref="Sgd"/>. In the formulas w is a
/// weight and g its gradient, to which the decays that are not decoupled were added: g = gradient + weight decay w + L1 decay sign(w).
/// </remarks>
public abstract unsafe record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>What it is called.</summary>
    public abstract string Name { get; }

    /// <summary>The learning rate, with which a schedule's factor is multiplied.</summary>
    public abstract float LearningRate { get; init; }

    /// <summary>The weight decay; it applies to the weights of products and convolutions, not to biases, scales and shifts.</summary>
    public abstract float WeightDecay { get; init; }

    /// <summary>
    /// The factor of the weights' signs that is added to their gradient, which draws weights to zero (L1; Tibshirani, "Regression shrinkage and
    /// selection via the lasso", 1996); 0 where not given. It applies to the weights that <see cref="WeightDecay"/> applies to.
    /// </summary>
    public float L1Decay { get; init; }

    /// <summary>How many numbers it remembers for each weight.</summary>
    internal abstract int SlotCount { get; }

    /// <summary>What is remembered of each weight before the first step.</summary>
    internal virtual float InitialSlotValue => 0;

    /// <summary>Whether it has a momentum that a schedule may change from step to step.</summary>
    internal virtual bool HasMomentum => false;

    /// <summary>Whether the weight decay shrinks the weights beside the step; else it is added to the gradient.</summary>
    private protected virtual bool IsDecayDecoupled => false;

    /// <summary>Throws where a setting is out of its range.</summary>
    internal virtual void Check()
    {
        RequireRange(LearningRate is > 0 and < float.PositiveInfinity, "learning rate", "more than 0", LearningRate);
        RequireRange(WeightDecay is >= 0 and < float.PositiveInfinity, "weight decay", "at least 0", WeightDecay);
        RequireRange(L1Decay is >= 0 and < float.PositiveInfinity, "L1 decay", "at least 0", L1Decay);
    }

    /// <summary>Makes one step.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="weights">The first float of the weights' block.</param>
    /// <param name="gradients">The gradient, laid out as the block.</param>
    /// <param name="runs">The stretches of the block that are trained.</param>
    /// <param name="state">What is remembered; its step is counted on.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    internal void Update(
        WorkerGang gang,
        float* weights,
        float* gradients,
        IReadOnlyList<TrainableRun> runs,
        OptimizerState state,
        float learningRate)
    {
        Advance(state);
        for (int i = 0; i < runs.Count; i++)
        {
            TrainableRun run = runs[i];
            float rate = learningRate * run.LearningRateFactor;
            float decay = run.Decays ? run.WeightDecay ?? WeightDecay : 0;
            UpdateTarget target = new()
            {
                Weights = weights + run.Offset,
                Gradient = gradients + run.Offset,
                Slot0 = SlotCount > 0 ? state.Slot(0) + run.Offset : null,
                Slot1 = SlotCount > 1 ? state.Slot(1) + run.Offset : null,
                Slot2 = SlotCount > 2 ? state.Slot(2) + run.Offset : null,
                Count = run.Length,
                GradientDecay = IsDecayDecoupled ? 0 : decay,
                SignDecay = run.Decays ? L1Decay : 0,
                WeightFactor = IsDecayDecoupled ? (float)(1.0 - ((double)rate * decay)) : 1,
            };
            Update(gang, target, state, rate);
        }
    }

    /// <summary>Counts a step before it is made.</summary>
    private protected virtual void Advance(OptimizerState state) => state.Step++;

    /// <summary>Makes the step of a stretch of the weights.</summary>
    /// <param name="gang">The threads.</param>
    /// <param name="target">The stretch, with as many slots as are remembered.</param>
    /// <param name="state">The steps so far, this one among them.</param>
    /// <param name="learningRate">The learning rate.</param>
    private protected abstract void Update(WorkerGang gang, UpdateTarget target, OptimizerState state, float learningRate);

    /// <summary>Throws where a setting is out of its range.</summary>
    private protected void RequireRange(bool isInRange, string setting, string range, float received) =>
        Setting.RequireRange(isInRange, $"{Name}: the {setting}", range, received);
}
