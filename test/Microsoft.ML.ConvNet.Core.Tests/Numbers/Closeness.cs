using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ConvNet.Core.Tests.Numbers;

/// <summary>Comparisons of arrays, with messages that say where they differ.</summary>
internal static class Closeness
{
    /// <summary>Demands that no element differ by more than the tolerance times the largest expected magnitude, or times 1.</summary>
    public static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, $"{what}: length");
        double scale = Math.Max(1, expected.Length == 0 ? 0 : expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]) / scale;
            if (!(error <= tolerance))
            {
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}; relative to {scale:G3} that is {error:G3}, over {tolerance:G3}."));
            }
        }
    }

    /// <summary>Demands equal bits.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, $"{what}: length");
        int at = MemoryMarshal.AsBytes(expected).CommonPrefixLength(MemoryMarshal.AsBytes(actual)) / sizeof(float);
        if (at < expected.Length)
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}: element {at} is {actual[at]:R}, expected the bits of {expected[at]:R}."));
        }
    }

    /// <summary>The distance of two vectors, relative to their lengths.</summary>
    public static double RelativeError(double[] left, double[] right)
    {
        double difference = 0;
        double lengths = 0;
        for (int i = 0; i < left.Length; i++)
        {
            difference += (left[i] - right[i]) * (left[i] - right[i]);
            lengths += (left[i] * left[i]) + (right[i] * right[i]);
        }

        return lengths == 0 ? 0 : Math.Sqrt(difference / lengths);
    }
}
