using System.Runtime.InteropServices;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels;

/// <summary>
/// Aligned native floats with marks before and behind them: <see cref="Dispose"/> fails the test if a kernel wrote outside of its tensor.
/// </summary>
internal sealed unsafe class ConvolutionMemory : IDisposable
{
    private const int Margin = 64;
    private const float Mark = -12345.678f;
    private readonly float* _memory;

    public ConvolutionMemory(nint length, float fill = float.NaN)
    {
        Length = checked((int)length);
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(Length + (2 * Margin)) * sizeof(float), 64);
        new Span<float>(_memory, Length + (2 * Margin)).Fill(Mark);
        Values.Fill(fill);
    }

    public ConvolutionMemory(double[] values)
        : this(values.Length)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Pointer[i] = (float)values[i];
        }
    }

    public int Length { get; }

    public float* Pointer => _memory + Margin;

    public Span<float> Values => new(Pointer, Length);

    /// <summary>Small whole numbers: sums of their products are exact in float, in any order.</summary>
    public static double[] WholeNumbers(int seed, int count)
    {
        Random random = new(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.Next(-4, 5);
        }

        return values;
    }

    /// <summary>Numbers of [-1, 1) that a float holds.</summary>
    public static double[] Fractions(int seed, int count)
    {
        Random random = new(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    public void AssertEquals(double[] expected, string what)
    {
        Assert.AreEqual(expected.Length, Length, what);
        for (int i = 0; i < expected.Length; i++)
        {
            if (Pointer[i] != expected[i])
            {
                Assert.Fail($"{what}, element {i} of {expected.Length}: expected {expected[i]}. Received: {Pointer[i]}.");
            }
        }
    }

    public void AssertSameBits(ReadOnlySpan<float> expected, string what)
    {
        ReadOnlySpan<int> left = MemoryMarshal.Cast<float, int>(expected);
        ReadOnlySpan<int> right = MemoryMarshal.Cast<float, int>(Values);
        Assert.AreEqual(left.Length, right.Length, what);
        int same = left.CommonPrefixLength(right);
        Assert.AreEqual(left.Length, same, $"{what}: the bits differ from element {same} on.");
    }

    public void Dispose()
    {
        bool isWhole = !new ReadOnlySpan<float>(_memory, Margin).ContainsAnyExcept(Mark)
            && !new ReadOnlySpan<float>(Pointer + Length, Margin).ContainsAnyExcept(Mark);
        NativeMemory.AlignedFree(_memory);
        Assert.IsTrue(isWhole, "The kernel wrote outside of its tensor.");
    }
}
