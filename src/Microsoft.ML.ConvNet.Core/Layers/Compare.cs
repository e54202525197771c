using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// 1 where a comparison of the first input with the second holds, else 0, element by element, broadcast to each other. Its gradient is 0.
/// </summary>
/// <param name="Comparison">Which comparison.</param>
public sealed record Compare(Comparison Comparison) : BroadcastLayer
{
    internal override string NamePrefix => "compare";

    /// <inheritdoc/>
    public override string Describe() => $"Compare {Comparison}";

    internal override Shape InferShape(LayerContext context) => Enum.IsDefined(Comparison)
        ? base.InferShape(context)
        : throw context.Error(
            Invariant($"the comparison is one of {string.Join(", ", Enum.GetNames<Comparison>())}. Received: {(int)Comparison}."));

    internal override OpValue Lower(LoweringContext context) => Comparison switch
    {
        Comparison.Less => Chain<ComparisonOperator<Less>>(context),
        Comparison.LessOrEqual => Chain<ComparisonOperator<LessOrEqual>>(context),
        Comparison.Greater => Chain<ComparisonOperator<Greater>>(context),
        Comparison.GreaterOrEqual => Chain<ComparisonOperator<GreaterOrEqual>>(context),
        _ => Chain<ComparisonOperator<Equal>>(context),
    };
}
