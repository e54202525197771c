using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// Huber's loss ("Robust estimation of a location parameter", 1964), for regression whose targets have outliers: with d = output - target, the
/// mean over the outputs of d^2 / 2 where |d| is at most delta, else of delta (|d| - delta / 2). Where the targets are classes, the target is 1 at
/// the class and 0 elsewhere.
/// </summary>
/// <param name="Delta">The error from which on the loss grows evenly, more than 0.</param>
public sealed record HuberLoss(float Delta = 1) : ValueLoss
{
    /// <inheritdoc/>
    public override string Name => "Huber loss";

    internal override void Check(int outputs) =>
        Setting.RequireRange(Delta is > 0 and < float.PositiveInfinity, "The Huber loss: delta", "more than 0", Delta);

    private protected override LossOp Lower(Shape outputs) => new HuberLossOp(outputs.ElementCount, Delta);

    private protected override double Of(double output, double target, bool isProbability)
    {
        double size = Math.Abs(output - target);
        return size <= Delta ? 0.5 * size * size : Delta * (size - (0.5 * Delta));
    }
}
