using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

/// <summary>Runs one layer on numbers written as rows.</summary>
internal static class Computation
{
    /// <summary>What the engine gives for a network with the given weight and bias, if it has them.</summary>
    public static float[] Run(Network network, float[] input, float[]? weight = null, float[]? bias = null)
    {
        using Weights weights = new(network);
        string[] names = [.. weights.Names];
        weight?.CopyTo(weights[names[0]].Span);
        bias?.CopyTo(weights[names[1]].Span);
        return EngineRun.Predict(network, weights, input, 1, threads: 2);
    }

    /// <summary>Numbers separated by blanks, with rows separated by anything else.</summary>
    public static float[] Rows(string text) =>
        [.. text.Split([' ', '/', ',', '[', ']', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Planes interleaved: channels innermost.</summary>
    public static float[] Interleave(params float[][] planes) =>
        [.. from position in Enumerable.Range(0, planes[0].Length) from plane in planes select plane[position]];

    /// <summary>Demands numbers equal to six digits.</summary>
    public static void AssertNumbers(string expected, float[] actual) => AssertNumbers(Rows(expected), actual);

    /// <summary>Demands numbers equal to six digits.</summary>
    public static void AssertNumbers(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], 1e-6f * Math.Max(1, Math.Abs(expected[i])), $"element {i}");
        }
    }
}
