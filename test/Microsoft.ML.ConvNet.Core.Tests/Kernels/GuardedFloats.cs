using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels;

/// <summary>
/// Native floats for a kernel, with marks before and behind them: <see cref="Dispose"/> fails the test where a kernel wrote outside.
/// </summary>
internal sealed unsafe class GuardedFloats : IDisposable
{
    private const int Margin = 32;
    private const int Mark = 0x7FABCDEF;
    private readonly float* _memory;

    public GuardedFloats(int length, float fill = 0f)
    {
        Length = length;
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(length + (2 * Margin)) * sizeof(float), 64);
        new Span<int>(_memory, length + (2 * Margin)).Fill(Mark);
        Values.Fill(fill);
    }

    public GuardedFloats(ReadOnlySpan<float> values)
        : this(values.Length)
    {
        values.CopyTo(Values);
    }

    public int Length { get; }

    public float* Pointer => _memory + Margin;

    public Span<float> Values => new(Pointer, Length);

    public Span<int> Bits => new(Pointer, Length);

    /// <summary>Numbers of [minimum, maximum), the same for the same seed.</summary>
    public static float[] Uniform(int seed, int count, float minimum = -1f, float maximum = 1f)
    {
        RandomStream random = new((ulong)seed, RandomPurpose.Synthesis);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle(minimum, maximum);
        }

        return values;
    }

    public void AssertClose(ReadOnlySpan<double> expected, double relative, double absolute, string what)
    {
        Assert.AreEqual(expected.Length, Length, what);
        for (int i = 0; i < Length; i++)
        {
            double error = Math.Abs(Pointer[i] - expected[i]);
            bool isClose = double.IsNaN(expected[i]) ? float.IsNaN(Pointer[i])
                : Pointer[i] == expected[i] || error <= absolute + (relative * Math.Abs(expected[i]));
            if (!isClose)
            {
                Assert.Fail($"{what}, element {i} of {Length}: expected {expected[i]:R}. Received: {Pointer[i]:R}.");
            }
        }
    }

    public void AssertSameBits(ReadOnlySpan<float> expected, string what)
    {
        int same = MemoryMarshal.Cast<float, int>(expected).CommonPrefixLength(Bits);
        Assert.AreEqual(expected.Length, Length, what);
        Assert.AreEqual(Length, same, $"{what}: the bits differ from element {same} on.");
    }

    public void Dispose()
    {
        bool isWhole = !new ReadOnlySpan<int>(_memory, Margin).ContainsAnyExcept(Mark)
            && !new ReadOnlySpan<int>(Pointer + Length, Margin).ContainsAnyExcept(Mark);
        NativeMemory.AlignedFree(_memory);
        Assert.IsTrue(isWhole, "A kernel wrote outside of its tensor.");
    }
}
