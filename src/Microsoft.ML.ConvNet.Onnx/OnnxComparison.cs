namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>How an output that was computed compares with what it should be.</summary>
/// <param name="OutputName">The output.</param>
/// <param name="ComputedDimensions">The dimensions that were computed.</param>
/// <param name="ExpectedDimensions">The dimensions that it should have.</param>
/// <param name="LargestError">The largest difference of two numbers; infinite where one is no number or the dimensions differ.</param>
/// <param name="IsWithinTolerance">Whether the dimensions agree and every number is as near as it has to be.</param>
public sealed record OnnxComparison(
    string OutputName,
    IReadOnlyList<int> ComputedDimensions,
    IReadOnlyList<int> ExpectedDimensions,
    double LargestError,
    bool IsWithinTolerance)
{
    /// <summary>The comparison in one line.</summary>
    public override string ToString() => ComputedDimensions.SequenceEqual(ExpectedDimensions)
        ? FormattableString.Invariant(
            $"{OnnxText.Quoted(OutputName)} {OnnxText.Dimensions(ExpectedDimensions)}: largest error {LargestError:0.###e+0}")
        : $"{OnnxText.Quoted(OutputName)}: dimensions {OnnxText.Dimensions(ComputedDimensions)} "
            + $"instead of {OnnxText.Dimensions(ExpectedDimensions)}";

    /// <summary>Compares two tensors.</summary>
    internal static OnnxComparison Of(OnnxTensor computed, OnnxTensor expected, double relativeTolerance, double absoluteTolerance)
    {
        bool isWithin = computed.Dimensions.SequenceEqual(expected.Dimensions);
        double largest = isWithin ? 0 : double.PositiveInfinity;
        if (isWithin)
        {
            float[] left = computed.ToArray();
            float[] right = expected.ToArray();
            for (int i = 0; i < left.Length; i++)
            {
                if (left[i].Equals(right[i]) || left[i] == right[i])
                {
                    continue;
                }

                double error = Math.Abs((double)left[i] - right[i]);
                largest = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(largest, error);
                isWithin &= double.IsFinite(error) && error <= absoluteTolerance + (relativeTolerance * Math.Abs((double)right[i]));
            }
        }

        return new OnnxComparison(computed.Name, computed.Dimensions, expected.Dimensions, largest, isWithin);
    }
}
