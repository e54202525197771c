namespace Microsoft.ML.ConvNet.Networks;

/// <summary>Between which numbers a value lies whatever the input, and whether it is made of probabilities.</summary>
/// <param name="Low">No element is less.</param>
/// <param name="High">No element is more.</param>
/// <param name="IsOfProbabilities">Whether it is a probability, or a sum or a multiple of such.</param>
internal readonly record struct ValueRange(double Low, double High, bool IsOfProbabilities = false)
{
    /// <summary>Any number.</summary>
    public static ValueRange Any { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>From 0 to 1, as a softmax or a sigmoid gives.</summary>
    public static ValueRange Probability { get; } = new(0, 1, true);

    /// <summary>Whether no element is negative.</summary>
    public bool IsNonNegative => Low >= 0;

    /// <summary>Whether it has an end on both sides.</summary>
    public bool IsBounded => double.IsFinite(Low) && double.IsFinite(High);

    /// <summary>The range of a function that never falls.</summary>
    public ValueRange Map(Func<double, double> function) => this with { Low = function(Low), High = function(High) };

    /// <summary>Whatever lies in one of two ranges.</summary>
    public ValueRange Or(ValueRange other) =>
        new(Math.Min(Low, other.Low), Math.Max(High, other.High), IsOfProbabilities && other.IsOfProbabilities);

    /// <summary>The range of what an operation that is monotone in either operand gives.</summary>
    public ValueRange With(ValueRange other, Func<double, double, double> operation)
    {
        double[] corners = [operation(Low, other.Low), operation(Low, other.High), operation(High, other.Low), operation(High, other.High)];
        return corners.Any(double.IsNaN) ? Any : new ValueRange(corners.Min(), corners.Max());
    }
}
