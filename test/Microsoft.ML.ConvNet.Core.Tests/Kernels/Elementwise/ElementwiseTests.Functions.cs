using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Elementwise;
using Microsoft.ML.ConvNet.Kernels.Elementwise.Activations;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Elementwise;

/// <content>The functions beyond the first few, from -9 to 9 and at their limits.</content>
public sealed unsafe partial class ElementwiseTests
{
    private const double SeluScale = 1.0507009873554805;
    private const double SeluAlpha = 1.6732632423543772;

    [TestMethod]
    public void Clipped_relu_and_its_gradient_follow_the_formula() =>
        CheckActivation<ClippedRelu>(6, x => Math.Clamp(x, 0, 6), x => x is > 0 and < 6 ? 1 : 0);

    [TestMethod]
    public void Thresholded_relu_and_its_gradient_follow_the_formula() =>
        CheckActivation<ThresholdedRelu>(1, x => x > 1 ? x : 0, x => x > 1 ? 1 : 0);

    [TestMethod]
    public void Selu_and_its_gradient_follow_the_formula() => CheckActivation<Selu>(
        0, x => SeluScale * FunctionOracle.Elu(x, SeluAlpha), x => SeluScale * (x > 0 ? 1 : SeluAlpha * Math.Exp(x)));

    [TestMethod]
    public void Celu_and_its_gradient_follow_the_formula() => CheckActivation<Celu>(
        2.5f, x => x < 0 ? 2.5 * FunctionOracle.ExpMinusOne(x / 2.5) : x, x => x > 0 ? 1 : Math.Exp(x / 2.5));

    [TestMethod]
    public void Hard_sigmoid_and_its_gradient_follow_the_formula() => CheckActivation<HardSigmoid>(
        0.2f, x => Math.Clamp((0.2f * x) + 0.5, 0, 1), x => Math.Abs(0.2f * x) < 0.5 ? 0.2f : 0, absolute: 2e-7);

    [TestMethod]
    public void Hard_swish_and_its_gradient_follow_the_formula() => CheckActivation<HardSwish>(
        0, x => x * Math.Clamp((x / 6) + 0.5, 0, 1), x => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5);

    [TestMethod]
    public void Mish_and_its_gradient_follow_the_formula() =>
        CheckActivation<Mish>(0, x => x * Math.Tanh(FunctionOracle.Softplus(x)));

    [TestMethod]
    public void Softsign_and_its_gradient_follow_the_formula() => CheckActivation<Softsign>(0, x => x / (1 + Math.Abs(x)));

    [TestMethod]
    public void The_approximation_of_gelu_and_its_gradient_follow_the_formula() => CheckActivation<GeluApproximation>(
        0, x => x * FunctionOracle.Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))), absolute: 2e-7);

    [TestMethod]
    public void Negation_and_absolute_values_follow_the_formula()
    {
        CheckActivation<Negate>(0, x => -x, _ => -1);
        CheckActivation<Abs>(0, Math.Abs, x => Math.Sign(x));
    }

    [TestMethod]
    public void More_activations_saturate_at_the_infinities_and_keep_NaN()
    {
        AssertLimits<ClippedRelu>(6, 0f, 6f, 0f, 0f);
        AssertLimits<ThresholdedRelu>(1, 0f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<Selu>(0, -(float)(SeluScale * SeluAlpha), float.PositiveInfinity, 0f, (float)SeluScale);
        AssertLimits<Celu>(2, -2f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<HardSigmoid>(0.2f, 0f, 1f, 0f, 0f);
        AssertLimits<HardSwish>(0, 0f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<Mish>(0, 0f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<Softsign>(0, -1f, 1f, 0f, 0f);
        AssertLimits<GeluApproximation>(0, 0f, float.PositiveInfinity, 0f, 1f);
        AssertLimits<Negate>(0, float.PositiveInfinity, float.NegativeInfinity, -1f, -1f);
        AssertLimits<Abs>(0, float.PositiveInfinity, float.PositiveInfinity, -1f, 1f);
        AssertLimits<Reciprocal>(0, 0f, 0f, 0f, 0f);
    }

    [TestMethod]
    public void Functions_have_their_values_and_slopes_at_zero_and_outside_their_domain()
    {
        AssertAt<Exp>(0, 1, 1);
        AssertAt<Log>(0, float.NegativeInfinity, float.PositiveInfinity);
        AssertAt<Log>(1, 0, 1);
        AssertAt<Log>(-1, float.NaN, -1);
        AssertAt<Log>(float.NegativeInfinity, float.NaN, 0);
        AssertAt<Sqrt>(0, 0, float.PositiveInfinity);
        AssertAt<Sqrt>(4, 2, 0.25f);
        AssertAt<Sqrt>(-1, float.NaN, float.NaN);
        AssertAt<Reciprocal>(0, float.PositiveInfinity, float.NegativeInfinity);
        AssertAt<Reciprocal>(-2, -0.5f, -0.25f);
        AssertAt<Abs>(0, 0, 0);
    }

    private static void AssertAt<TActivation>(float at, float value, float slope)
        where TActivation : struct, IActivation
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        using GuardedFloats x = new([at]);
        using GuardedFloats y = new(1);
        using GuardedFloats dx = new(1, fill: 1f);
        ElementwiseKernels.Activate<TActivation>(gang, x.Pointer, y.Pointer, 1, 0);
        Assert.AreEqual(value, y.Values[0], $"{typeof(TActivation).Name} of {at}");
        float* source = TActivation.DerivativeFromOutput ? y.Pointer : x.Pointer;
        ElementwiseKernels.ActivateBackward<TActivation>(gang, source, dx.Pointer, dx.Pointer, 1, 0, accumulate: false);
        Assert.AreEqual(slope, dx.Values[0], $"slope of {typeof(TActivation).Name} at {at}");
    }
}
