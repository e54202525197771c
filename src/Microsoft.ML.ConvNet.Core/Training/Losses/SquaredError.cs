using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>
/// The mean over the outputs of (output - target)^2: for regression. Where the targets are classes, the target is 1 at the class and 0
/// elsewhere.
/// </summary>
public sealed record SquaredError : ValueLoss
{
    /// <inheritdoc/>
    public override string Name => "squared error";

    private protected override LossOp Lower(Shape outputs) => new SquaredErrorLossOp(outputs.ElementCount);

    private protected override double Of(double output, double target, bool isProbability) => (output - target) * (output - target);
}
