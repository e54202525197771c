using System.Runtime.Intrinsics;
using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Simd;

/// <summary>
/// The elementary functions in every tier against double, over floats of all magnitudes: every 9973rd bit pattern of both signs,
/// and finely over the range where they change.
/// </summary>
[TestClass]
public sealed unsafe class VectorMathTests
{
    private const int PatternStep = 9973;
    private const float SmallestNormal = 1.17549435e-38f;
    private static readonly float[] Inputs = AllMagnitudes();

    [TestMethod]
    public void Exp_is_within_two_units_in_the_last_place() =>
        Check("exp", new Exp(), Math.Exp, x => true, unitsInTheLastPlace: 2);

    [TestMethod]
    public void Exp_minus_one_has_a_relative_error_under_4e_7() =>
        Check("expm1", new ExpMinusOne(), FunctionOracle.ExpMinusOne, x => !(x > 80), relative: 4e-7);

    [TestMethod]
    public void The_logarithm_has_a_relative_error_under_4e_7() =>
        Check("log", new Log(), Math.Log, x => !(x < 0), relative: 4e-7);

    [TestMethod]
    public void The_logarithm_of_one_plus_has_a_relative_error_under_4e_7() =>
        Check("log1p", new LogOnePlus(), FunctionOracle.LogOnePlus, x => x is >= 0 and <= 1, relative: 4e-7);

    [TestMethod]
    public void Sigmoid_has_a_relative_error_under_4e_7() =>
        Check("sigmoid", new Sigmoid(), FunctionOracle.Sigmoid, x => true, relative: 4e-7);

    [TestMethod]
    public void Tanh_has_a_relative_error_under_5e_7() =>
        Check("tanh", new Tanh(), Math.Tanh, x => true, relative: 5e-7);

    [TestMethod]
    public void Softplus_has_a_relative_error_under_6e_7() =>
        Check("softplus", new Softplus(), FunctionOracle.Softplus, x => true, relative: 6e-7);

    [TestMethod]
    public void The_normal_distribution_has_a_relative_error_under_1e_6() =>
        Check("normal distribution", new NormalCumulative(), FunctionOracle.NormalCumulative, x => true, relative: 1e-6);

    private static void Check<TFunction>(
        string name,
        TFunction function,
        Func<double, double> expected,
        Predicate<float> isInDomain,
        double relative = 0,
        double unitsInTheLastPlace = 0)
        where TFunction : IVectorFunction
    {
        CheckTier<Simd512, Vector512<float>, TFunction>(name, function, expected, isInDomain, relative, unitsInTheLastPlace);
        CheckTier<Simd256, Vector256<float>, TFunction>(name, function, expected, isInDomain, relative, unitsInTheLastPlace);
        CheckTier<Simd128, Vector128<float>, TFunction>(name, function, expected, isInDomain, relative, unitsInTheLastPlace);
        CheckTier<SimdScalar, float, TFunction>(name, function, expected, isInDomain, relative, unitsInTheLastPlace);
    }

    private static void CheckTier<TSimd, TVector, TFunction>(
        string name, TFunction function, Func<double, double> expected, Predicate<float> isInDomain, double relative, double units)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TFunction : IVectorFunction
    {
        float[] results = new float[Inputs.Length];
        fixed (float* x = Inputs, y = results)
        {
            for (int i = 0; i < results.Length; i += TSimd.Width)
            {
                TSimd.Store(y + i, function.Apply<TSimd, TVector>(TSimd.Load(x + i)));
            }
        }

        double worst = 0;
        for (int i = 0; i < results.Length; i++)
        {
            float x = Inputs[i];
            if (!isInDomain(x) || (float.IsNaN(x) && float.IsNaN(results[i])))
            {
                continue;
            }

            double exact = expected(x);
            double allowed = units > 0
                ? units * UnitInTheLastPlace(exact)
                : Math.Max(relative * Math.Abs(exact), Math.Abs(exact) < SmallestNormal ? 1e-43 : 0);
            double error = results[i] == (float)exact ? 0 : Math.Abs(results[i] - exact);
            worst = Math.Max(worst, units > 0 ? error / UnitInTheLastPlace(exact) : error / Math.Max(Math.Abs(exact), SmallestNormal));
            if (!(error <= allowed))
            {
                Assert.Fail($"{name} of {x:R} in {typeof(TSimd).Name}: expected {exact:R}. Received: {results[i]:R}.");
            }
        }

        Console.WriteLine($"{name}, {typeof(TSimd).Name}: largest error {worst:G3} {(units > 0 ? "units in the last place" : "relative")}");
    }

    private static double UnitInTheLastPlace(double value)
    {
        float magnitude = (float)Math.Abs(value);
        return magnitude > float.MaxValue / 2 ? Math.Pow(2, 104) : (double)MathF.BitIncrement(magnitude) - magnitude;
    }

    private static float[] AllMagnitudes()
    {
        List<float> values = [0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.MaxValue, float.MinValue, float.Epsilon];
        for (long bits = 0; bits < 0x7F800000; bits += PatternStep)
        {
            values.Add(BitConverter.Int32BitsToSingle((int)bits));
            values.Add(-BitConverter.Int32BitsToSingle((int)bits));
        }

        for (int i = -22000; i <= 22000; i++)
        {
            values.Add(i * 0.005f);
        }

        while (values.Count % 16 != 0)
        {
            values.Add(1f);
        }

        return [.. values];
    }

    private interface IVectorFunction
    {
        TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct;
    }

    private readonly struct Exp : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.Exp<TSimd, TVector>(x);
    }

    private readonly struct ExpMinusOne : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.ExpMinusOne<TSimd, TVector>(x);
    }

    private readonly struct Log : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.Log<TSimd, TVector>(x);
    }

    private readonly struct LogOnePlus : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.LogOnePlus<TSimd, TVector>(x);
    }

    private readonly struct Sigmoid : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.Sigmoid<TSimd, TVector>(x);
    }

    private readonly struct Tanh : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.Tanh<TSimd, TVector>(x);
    }

    private readonly struct Softplus : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.Softplus<TSimd, TVector>(x);
    }

    private readonly struct NormalCumulative : IVectorFunction
    {
        public TVector Apply<TSimd, TVector>(TVector x)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => VectorMath.NormalCumulative<TSimd, TVector>(x, out _);
    }
}
