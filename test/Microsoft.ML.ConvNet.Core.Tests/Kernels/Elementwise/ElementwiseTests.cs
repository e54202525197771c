using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Elementwise;

[TestClass]
public sealed unsafe partial class ElementwiseTests
{
    private static readonly int[] Lengths = [1, 3, 7, 15, 16, 17, 33, 100, 1000];

    [TestMethod]
    public void Relu_and_its_gradient_follow_the_formula() =>
        CheckActivation<Relu>(0, x => Math.Max(x, 0), x => x > 0 ? 1 : 0);

    [TestMethod]
    public void Leaky_relu_and_its_gradient_follow_the_formula() =>
        CheckActivation<LeakyRelu>(0.01f, x => x < 0 ? 0.01f * x : x, x => x > 0 ? 1 : 0.01f);

    [TestMethod]
    public void Elu_and_its_gradient_follow_the_formula() =>
        CheckActivation<Elu>(1.5f, x => FunctionOracle.Elu(x, 1.5), x => x > 0 ? 1 : 1.5 * Math.Exp(x));

    [TestMethod]
    public void Sigmoid_and_its_gradient_follow_the_formula() => CheckActivation<Sigmoid>(0, FunctionOracle.Sigmoid);

    [TestMethod]
    public void Tanh_and_its_gradient_follow_the_formula() => CheckActivation<Tanh>(0, Math.Tanh);

    [TestMethod]
    public void Softplus_and_its_gradient_follow_the_formula() => CheckActivation<Softplus>(0, FunctionOracle.Softplus);

    [TestMethod]
    public void Silu_and_its_gradient_follow_the_formula() => CheckActivation<Silu>(0, FunctionOracle.Silu);

    [TestMethod]
    public void Gelu_and_its_gradient_follow_the_formula() => CheckActivation<Gelu>(0, FunctionOracle.Gelu);

    [TestMethod]
    public void Activations_saturate_at_the_infinities_and_keep_NaN()
    {
        AssertLimits<Relu>(0, 0f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<LeakyRelu>(0.5f, float.NegativeInfinity, float.PositiveInfinity, 0.5f, 1f);
        AssertLimits<Elu>(2f, -2f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<Sigmoid>(0, 0f, 1f, 0f, 0f);
        AssertLimits<Tanh>(0, -1f, 1f, 0f, 0f);
        AssertLimits<Softplus>(0, 0f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<Silu>(0, 0f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<Gelu>(0, 0f, float.PositiveInfinity, 0f, 1f);
    }

    [TestMethod]
    public void Sums_and_scales_are_those_of_scalars()
    {
        foreach (int length in Lengths)
        {
            float[] a = GuardedFloats.Uniform(1, length);
            float[] b = GuardedFloats.Uniform(2, length);
            Check(length, a, b, (gang, x, y, z) => ElementwiseKernels.Add(gang, x, y, z, length), (x, y, z) => x + y);
            Check(length, a, b, (gang, x, y, z) => ElementwiseKernels.Accumulate(gang, x, z, length), (x, y, z) => x + z);
            Check(length, a, b, (gang, x, y, z) => ElementwiseKernels.AccumulateScaled(gang, x, z, 2f, length), (x, y, z) => (2f * x) + z);
            Check(length, a, b, (gang, x, y, z) => ElementwiseKernels.Scale(gang, x, z, 3f, length), (x, y, z) => 3f * x);
            Check(length, a, b, (gang, x, y, z) => ElementwiseKernels.Copy(gang, x, z, length), (x, y, z) => x);
            Check(length, a, b, (gang, x, y, z) => ElementwiseKernels.Fill(gang, z, 4f, length), (x, y, z) => 4f);
        }
    }

    [TestMethod]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        const int Length = 100_003;
        float[] values = GuardedFloats.Uniform(3, Length, -4f, 4f);
        float[] gradients = GuardedFloats.Uniform(4, Length);
        ThreadCounts.SameBits("gelu", gang =>
        {
            using GuardedFloats x = new(values);
            using GuardedFloats dy = new(gradients);
            ElementwiseKernels.ActivateBackward<Gelu>(gang, x.Pointer, dy.Pointer, dy.Pointer, Length, 0f, accumulate: true);
            ElementwiseKernels.Activate<Gelu>(gang, x.Pointer, x.Pointer, Length, 0f);
            ElementwiseKernels.Add(gang, x.Pointer, dy.Pointer, x.Pointer, Length);
            ElementwiseKernels.Fill(gang, dy.Pointer, 7f, Length);
            Assert.IsFalse(dy.Values.ContainsAnyExcept(7f));
            return x.Values.ToArray();
        });
    }

    private delegate void BinaryKernel(WorkerGang gang, float* a, float* b, float* y);

    private static void Check(int length, float[] a, float[] b, BinaryKernel kernel, Func<float, float, float, float> expected) =>
        ThreadCounts.Single(gang =>
        {
            float[] before = GuardedFloats.Uniform(5, length);
            using GuardedFloats left = new(a);
            using GuardedFloats right = new(b);
            using GuardedFloats y = new(before);
            kernel(gang, left.Pointer, right.Pointer, y.Pointer);
            double[] wanted = new double[length];
            for (int i = 0; i < length; i++)
            {
                wanted[i] = expected(a[i], b[i], before[i]);
            }

            y.AssertClose(wanted, 1.2e-7, 6e-8, $"length {length}");
        });

    private static void CheckActivation<TActivation>(
        float alpha, Func<double, double> function, Func<double, double>? derivative = null, double absolute = 0)
        where TActivation : struct, IActivation =>
        Check(new ActivationFunction<TActivation>(alpha), function, derivative ?? (x => FunctionOracle.Derivative(function, x)), absolute);

    private static void Check(
        ActivationFunction tested, Func<double, double> function, Func<double, double> derivative, double absolute, float least = -9f)
    {
        string name = tested.ToString();
        foreach (int length in Lengths)
        {
            float[] input = GuardedFloats.Uniform(length, length, least, 9f);
            float[] gradient = GuardedFloats.Uniform(length + 1, length);
            double[] expected = Array.ConvertAll(input, x => function(x));
            double[] expectedGradient = new double[length];
            double[] expectedSum = new double[length];
            for (int i = 0; i < length; i++)
            {
                expectedGradient[i] = derivative(input[i]) * gradient[i];
                expectedSum[i] = expectedGradient[i] + 0.25;
            }

            using WorkerGang gang = WorkerPool.Shared.Lease(1);
            using GuardedFloats x = new(input);
            using GuardedFloats y = new(length);
            using GuardedFloats dy = new(gradient);
            using GuardedFloats dx = new(length, fill: 0.25f);
            tested.Forward(gang, x.Pointer, y.Pointer, length);
            y.AssertClose(expected, 2e-6, absolute, name);

            float* source = tested.DerivativeFromOutput ? y.Pointer : x.Pointer;
            tested.Backward(gang, source, dy.Pointer, dx.Pointer, length, accumulate: true);
            dx.AssertClose(expectedSum, 1e-6, 1e-6, $"{name}, gradient added");
            tested.Backward(gang, source, dy.Pointer, dy.Pointer, length, accumulate: false);
            dy.AssertClose(expectedGradient, 1e-6, 1e-6, $"{name}, gradient in place");

            tested.Kernel()(x.Pointer, x.Pointer, length, tested.Alpha);
            x.AssertSameBits(y.Values, $"{name} in place");
        }
    }

    private static void AssertLimits<TActivation>(float alpha, float atMinusInfinity, float atInfinity, float slopeBelow, float slopeAbove)
        where TActivation : struct, IActivation
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        string name = typeof(TActivation).Name;
        float[] input = [float.NegativeInfinity, float.PositiveInfinity, float.NaN, -3e38f, 3e38f];
        using GuardedFloats x = new(input);
        using GuardedFloats y = new(input.Length);
        using GuardedFloats slope = new(input.Length, fill: 1f);
        ElementwiseKernels.Activate<TActivation>(gang, x.Pointer, y.Pointer, input.Length, alpha);
        Assert.AreEqual(atMinusInfinity, y.Values[0], $"{name} at minus infinity");
        Assert.AreEqual(atInfinity, y.Values[1], $"{name} at infinity");
        Assert.IsTrue(float.IsNaN(y.Values[2]), $"{name} of NaN");
        ElementwiseKernels.ActivateBackward<TActivation>(
            gang, TActivation.DerivativeFromOutput ? y.Pointer : x.Pointer, slope.Pointer, slope.Pointer, input.Length, alpha, accumulate: false);
        Assert.AreEqual(slopeBelow, slope.Values[0], 1e-30f, $"slope of {name} at minus infinity");
        Assert.AreEqual(slopeAbove, slope.Values[1], 1e-30f, $"slope of {name} at infinity");
        Assert.AreEqual(slopeBelow, slope.Values[3], 1e-30f, $"slope of {name} far below");
        Assert.AreEqual(slopeAbove, slope.Values[4], 1e-30f, $"slope of {name} far above");
    }
}
