#nullable disable
namespace Microsoft.ML.Data;

/// <summary>An interval closed below, open above unless said otherwise, or all that lies outside of it. NaN is in neither.</summary>
internal readonly record struct ValueRange
{
    private readonly double _lower;
    private readonly double _upper;
    private readonly bool _includesUpper;

    public ValueRange(double lower, double upper, bool includesUpper = false)
    {
        _lower = lower;
        _upper = upper;
        _includesUpper = includesUpper;
    }

    public bool Complement { get; init; }

    public bool Contains(double value)
    {
        if (double.IsNaN(value))
        {
            return false;
        }

        bool inside = value >= _lower && (value < _upper || (_includesUpper && value == _upper));
        return inside != Complement;
    }
}
