using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Numbers;

/// <summary>
/// Numbers for gradients to be checked at: all different and none near zero, so that neither a maximum nor a kink is where a difference is
/// taken.
/// </summary>
internal static class DistinctNumbers
{
    /// <summary>Numbers with magnitudes spread evenly over [0.1, 1] times a scale, in random order, with random signs.</summary>
    public static float[] Create(int count, ulong seed, double scale = 1)
    {
        RandomStream random = new(seed, RandomPurpose.Synthesis);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            double magnitude = 0.1 + (0.9 * (i + 1) / count);
            numbers[i] = (float)(scale * (random.NextSingle() < 0.5f ? -magnitude : magnitude));
        }

        random.Shuffle(numbers.AsSpan());
        return numbers;
    }

    /// <summary>The same numbers as doubles.</summary>
    public static double[] ToDoubles(ReadOnlySpan<float> numbers)
    {
        double[] doubles = new double[numbers.Length];
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = numbers[i];
        }

        return doubles;
    }
}
