using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Simd;

/// <summary>The vector tiers, each whether the machine has it or not: where it has not, the runtime computes it in parts.</summary>
[TestClass]
public sealed unsafe class SimdTests
{
    private const float Infinity = float.PositiveInfinity;
    private static readonly float[] Left = [1f, -2f, 0f, -0f, float.NaN, 3.5f, Infinity, -Infinity, 1e-40f, 7f, -7f, 2f, 5f, 1f, 0f, 9f];
    private static readonly float[] Right = [2f, -3f, -0f, 0f, 1f, 3.5f, 1f, 2f, 3e-40f, -7f, 7f, 0.5f, 3f, 1f, 8f, -9f];

    [TestMethod]
    public void The_tier_is_the_widest_with_hardware_support()
    {
        int width = Vector512.IsHardwareAccelerated || Avx512F.IsSupported ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;
        Assert.AreEqual(width, SimdTier.Width);
    }

    [TestMethod]
    public void The_512_bit_tier_computes_as_scalars_do() => CheckTier<Simd512, Vector512<float>>();

    [TestMethod]
    public void The_256_bit_tier_computes_as_scalars_do() => CheckTier<Simd256, Vector256<float>>();

    [TestMethod]
    public void The_128_bit_tier_computes_as_scalars_do() => CheckTier<Simd128, Vector128<float>>();

    [TestMethod]
    public void The_scalar_tier_computes_as_scalars_do() => CheckTier<SimdScalar, float>();

    private static void CheckTier<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        Assert.AreEqual(TSimd.Width * sizeof(float), System.Runtime.CompilerServices.Unsafe.SizeOf<TVector>());
        CheckPartialMemory<TSimd, TVector>();
        CheckLanes<TSimd, TVector>("add", TSimd.Add, (a, b) => a + b);
        CheckLanes<TSimd, TVector>("subtract", TSimd.Subtract, (a, b) => a - b);
        CheckLanes<TSimd, TVector>("multiply", TSimd.Multiply, (a, b) => a * b);
        CheckLanes<TSimd, TVector>("divide", TSimd.Divide, (a, b) => a / b);
        CheckLanes<TSimd, TVector>("max", (a, b) => TSimd.Max(b, a), (a, b) => float.IsNaN(a) ? a : b > a ? b : a);
        CheckLanes<TSimd, TVector>("min", (a, b) => TSimd.Min(b, a), (a, b) => float.IsNaN(a) ? a : b < a ? b : a);
        CheckLanes<TSimd, TVector>("negate", (a, b) => TSimd.Negate(a), (a, b) => -a);
        CheckLanes<TSimd, TVector>("absolute value", (a, b) => TSimd.Abs(a), (a, b) => MathF.Abs(a));
        CheckLanes<TSimd, TVector>("square root", (a, b) => TSimd.Sqrt(TSimd.Abs(a)), (a, b) => MathF.Sqrt(MathF.Abs(a)));
        CheckLanes<TSimd, TVector>("copied sign", TSimd.CopySign, MathF.CopySign);
        CheckLanes<TSimd, TVector>("greater", (a, b) => Choose<TSimd, TVector>(TSimd.GreaterThan(a, b)), (a, b) => a > b ? 1 : 2);
        CheckLanes<TSimd, TVector>("less", (a, b) => Choose<TSimd, TVector>(TSimd.LessThan(a, b)), (a, b) => a < b ? 1 : 2);
        CheckLanes<TSimd, TVector>("at most", (a, b) => Choose<TSimd, TVector>(TSimd.LessThanOrEqual(a, b)), (a, b) => a <= b ? 1 : 2);
        CheckLanes<TSimd, TVector>("NaN", (a, b) => Choose<TSimd, TVector>(TSimd.IsNaN(a)), (a, b) => float.IsNaN(a) ? 1 : 2);
        CheckLanes<TSimd, TVector>(
            "either",
            (a, b) => Choose<TSimd, TVector>(TSimd.Or(TSimd.IsNaN(a), TSimd.LessThan(a, b))),
            (a, b) => float.IsNaN(a) || a < b ? 1 : 2);
        CheckLanes<TSimd, TVector>(
            "equal bits",
            (a, b) => Choose<TSimd, TVector>(TSimd.EqualBits(a, b)),
            (a, b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) ? 1 : 2);
        CheckExponents<TSimd, TVector>();
        CheckAcross<TSimd, TVector>();
        CheckBlock<TSimd, TVector>();
    }

    private static void CheckBlock<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width;
        int pitch = width + 3;
        using GuardedFloats from = new(pitch * width);
        using GuardedFloats to = new((width + 1) * width);
        using GuardedFloats rows = new(width * width);
        using GuardedFloats sums = new(width);
        for (int i = 0; i < width * width; i++)
        {
            from.Values[(i / width * pitch) + (i % width)] = i;
            rows.Values[i] = i;
        }

        TSimd.Transpose(from.Pointer, pitch, to.Pointer, width + 1);
        TSimd.Store(sums.Pointer, TSimd.SumEach(rows.Pointer));
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                Assert.AreEqual((i * width) + j, to.Values[(j * (width + 1)) + i], $"{typeof(TSimd).Name}, transposed, row {i}, column {j}");
            }

            Assert.AreEqual((((i * width) + ((width - 1) / 2f)) * width), sums.Values[i], $"{typeof(TSimd).Name}, sum of row {i}");
        }
    }

    private static TVector Choose<TSimd, TVector>(TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Select(mask, TSimd.Create(1f), TSimd.Create(2f));

    private static void CheckLanes<TSimd, TVector>(
        string what, Func<TVector, TVector, TVector> operation, Func<float, float, float> expected)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* result = stackalloc float[16];
        fixed (float* left = Left, right = Right)
        {
            for (int i = 0; i < 16; i += TSimd.Width)
            {
                TSimd.Store(result + i, operation(TSimd.Load(left + i), TSimd.Load(right + i)));
            }
        }

        for (int i = 0; i < 16; i++)
        {
            float wanted = expected(Left[i], Right[i]);
            Assert.IsTrue(
                float.IsNaN(wanted) ? float.IsNaN(result[i]) : BitConverter.SingleToInt32Bits(wanted) == BitConverter.SingleToInt32Bits(result[i]),
                $"{typeof(TSimd).Name}, {what} of {Left[i]} and {Right[i]}: expected {wanted}. Received: {result[i]}.");
        }
    }

    private static void CheckPartialMemory<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float[] values = GuardedFloats.Uniform(1, 16);
        for (int count = 1; count <= TSimd.Width; count++)
        {
            using GuardedFloats from = new(values.AsSpan(0, count));
            using GuardedFloats to = new(count);
            using GuardedFloats whole = new(TSimd.Width, fill: 5f);
            TVector loaded = TSimd.LoadPartial(from.Pointer, count);
            TSimd.StorePartial(to.Pointer, loaded, count);
            to.AssertSameBits(from.Values, $"{typeof(TSimd).Name}, {count} lanes");
            TSimd.Store(whole.Pointer, loaded);
            Assert.IsFalse(whole.Values[count..].ContainsAnyExcept(0f), $"{typeof(TSimd).Name}: the lanes behind {count} are not zero.");
            TSimd.Store(whole.Pointer, TSimd.Select(TSimd.FirstLanes(count), TSimd.Create(1f), TSimd.Create(2f)));
            Assert.IsFalse(whole.Values[..count].ContainsAnyExcept(1f) || whole.Values[count..].ContainsAnyExcept(2f));
        }
    }

    private static void CheckExponents<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* result = stackalloc float[16];
        for (int exponent = -252; exponent <= 254; exponent++)
        {
            float value = 1.2345678f;
            TSimd.Store(result, TSimd.ScaleByPowerOfTwo(TSimd.Create(value), TSimd.Create(exponent)));
            Assert.AreEqual((float)(value * Math.Pow(2, exponent)), result[0], $"{typeof(TSimd).Name}, 2^{exponent}");
            if (exponent is >= -126 and <= 127)
            {
                TSimd.Store(result, TSimd.PowerOfTwo(TSimd.Create(exponent)));
                Assert.AreEqual((float)Math.Pow(2, exponent), result[0], $"{typeof(TSimd).Name}, 2^{exponent}");
            }
        }

        TSimd.Store(result, TSimd.ClearLowBits(TSimd.Create(1.99999988f)));
        Assert.AreEqual(1.99951171875f, result[0]);
        TSimd.Store(result, TSimd.CreateBits(12345));
        Assert.AreEqual(12345, BitConverter.SingleToInt32Bits(result[0]));
    }

    private static void CheckAcross<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* values = stackalloc float[16];
        for (int i = 0; i < 16; i++)
        {
            values[i] = (i * 7 % 16) - 4;
        }

        ReadOnlySpan<float> lanes = new(values, TSimd.Width);
        float sum = 0;
        float max = float.NegativeInfinity;
        foreach (float lane in lanes)
        {
            sum += lane;
            max = Math.Max(max, lane);
        }

        TVector vector = TSimd.Load(values);
        Assert.AreEqual(sum, TSimd.Sum(vector), typeof(TSimd).Name);
        Assert.AreEqual(max, TSimd.MaxAcross(vector), typeof(TSimd).Name);
        TSimd.Store(values, TSimd.MultiplyAdd(TSimd.Create(3f), TSimd.Create(5f), TSimd.Create(7f)));
        Assert.AreEqual(22f, values[0]);
        TSimd.Store(values, TSimd.MultiplyAddNegated(TSimd.Create(3f), TSimd.Create(5f), TSimd.Create(7f)));
        Assert.AreEqual(-8f, values[0]);
    }
}
