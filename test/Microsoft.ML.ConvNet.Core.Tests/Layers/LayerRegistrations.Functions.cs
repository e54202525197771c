using Microsoft.ML.ConvNet.Layers;
using static Microsoft.ML.ConvNet.Core.Tests.Layers.ActivationLayerOracle;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <content>Functions of each element beyond the first few, and normalisations of a sample.</content>
internal static partial class LayerRegistrations
{
    // The constants as Klambauer et al. (2017) print them.
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    private static LayerRegistration[] Functions =>
    [
        Of<GELU>(
            layer => layer.Approximate ? Function(ApproximateGelu, ApproximateGeluSlope) : Function(
                x => 0.5 * x * (1 + ErrorFunction(x / Math.Sqrt(2))),
                x => (0.5 * (1 + ErrorFunction(x / Math.Sqrt(2)))) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI))),
            [(Image, new GELU()), (Image, new GELU { Approximate = true })]),
        Of<SELU>(
            _ => Function(
                x => SeluScale * (x > 0 ? x : SeluAlpha * (Math.Exp(x) - 1)), x => SeluScale * (x > 0 ? 1 : SeluAlpha * Math.Exp(x))),
            [(Image, new SELU()), ("35", new SELU())]),
        Of<CELU>(
            layer => Function(
                x => x > 0 ? x : layer.Alpha * (Math.Exp(x / layer.Alpha) - 1), x => x > 0 ? 1 : Math.Exp(x / layer.Alpha)),
            [(Image, new CELU()), (Image, new CELU(0.3f))],
            [(Image, new CELU(0)), (Image, new CELU(-1)), (Image, new CELU(float.NaN)), (Image, new CELU(float.PositiveInfinity))]),
        Of<HardSigmoid>(
            layer => Function(
                x => Math.Clamp((layer.Alpha * x) + 0.5, 0, 1), x => Math.Abs(layer.Alpha * x) < 0.5 ? layer.Alpha : 0),
            [(Image, new HardSigmoid()), (Image, new HardSigmoid(0.9f))],
            [(Image, new HardSigmoid(-0.1f)), (Image, new HardSigmoid(float.NaN))]),
        Of<HardSwish>(
            _ => Function(
                x => x * Math.Clamp((x / 6) + 0.5, 0, 1), x => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5),
            [(Image, new HardSwish()), ("5", new HardSwish())]),
        Of<Mish>(
            _ => Function(
                x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
                x => Math.Tanh(Math.Log(1 + Math.Exp(x))) + (x * Logistic(x) / Math.Pow(Math.Cosh(Math.Log(1 + Math.Exp(x))), 2))),
            [(Image, new Mish())]),
        Of<Softsign>(
            _ => Function(x => x / (1 + Math.Abs(x)), x => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)))), [(Image, new Softsign())]),
        Of<Erf>(_ => Function(ErrorFunction, x => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x)), [(Image, new Erf()), ("35", new Erf())]),
        Of<ThresholdedReLU>(
            layer => Function(x => x > layer.Alpha ? x : 0, x => x > layer.Alpha ? 1 : 0),
            [(Image, new ThresholdedReLU(0.4321f)), (Image, new ThresholdedReLU(0)), (Image, new ThresholdedReLU())],
            [(Image, new ThresholdedReLU(-1)), (Image, new ThresholdedReLU(float.NaN))]),
        Of<ClippedReLU>(
            layer => Function(x => Math.Clamp(x, 0, layer.Maximum), x => x > 0 && x < layer.Maximum ? 1 : 0),
            [(Image, new ClippedReLU(0.4321f)), (Image, new ClippedReLU())],
            [(Image, new ClippedReLU(0)), (Image, new ClippedReLU(-6)), (Image, new ClippedReLU(float.PositiveInfinity))]),
        Of<PReLU>(
            _ => new PReluLayerOracle(),
            [
                (Image, new PReLU()),
                ("3x3x65", new PReLU()),
                ("2x3x300", new PReLU()),
                ("9", new PReLU()),
                (Image, new PReLU { Shared = true }),
                ("300", new PReLU { Shared = true }),
            ]),
        Of<Exp>(_ => Function(Math.Exp, Math.Exp), [(Image, new Exp())]),
        Of<Log>(_ => Function(Math.Log, x => 1 / x), [(Image, new Log())]) with { Before = input => input.Exp() },
        Of<Sqrt>(_ => Function(Math.Sqrt, x => 0.5 / Math.Sqrt(x)), [(Image, new Sqrt())]) with { Before = input => input.Exp() },
        Of<Negate>(_ => Function(x => -x, _ => -1), [(Image, new Negate())]),
        Of<Reciprocal>(_ => Function(x => 1 / x, x => -1 / (x * x)), [(Image, new Reciprocal())]),
        Of<Abs>(_ => Function(Math.Abs, x => Math.Sign(x)), [(Image, new Abs())]),
        Of<LogSoftmax>(_ => new LogSoftmaxLayerOracle(), [("10", new LogSoftmax()), ("2x3x5", new LogSoftmax()), ("35", new LogSoftmax())]),
        Of<LocalResponseNorm>(
            layer => new LocalResponseNormLayerOracle(layer),
            [
                ("3x4x7", new LocalResponseNorm()),
                ("2x3x64", new LocalResponseNorm { Alpha = 2, K = 2 }),
                ("4x3x21", new LocalResponseNorm(4) { Alpha = 1, Beta = 0.5f }),
                ("2x2x3", new LocalResponseNorm(9) { Alpha = 0.5f, K = 0.3f }),
                ("17", new LocalResponseNorm(3) { Alpha = 0.7f, Beta = 1.5f }),
                ("5x5x2", new LocalResponseNorm(1) { Alpha = 0.7f, Beta = 0 }),
                ("12x13x96", new LocalResponseNorm { Alpha = 0.5f }),
            ],
            [
                (Image, new LocalResponseNorm(0)),
                (Image, new LocalResponseNorm(-3)),
                (Image, new LocalResponseNorm { Alpha = -1 }),
                (Image, new LocalResponseNorm { Beta = float.NaN }),
                (Image, new LocalResponseNorm { K = 0 }),
                (Image, new LocalResponseNorm { K = float.PositiveInfinity }),
            ]),
        Of<InstanceNorm>(
            layer => new GroupNormLayerOracle(shape => shape.Channels, layer.Epsilon),
            [(Image, new InstanceNorm()), ("7x6x20", new InstanceNorm { Epsilon = 0.1f }), ("21x20x70", new InstanceNorm())],
            [(Image, new InstanceNorm { Epsilon = 0 }), (Image, new InstanceNorm { Epsilon = float.NaN })]),
        Of<GroupNorm>(
            layer => new GroupNormLayerOracle(_ => layer.Groups, layer.Epsilon),
            [
                ("5x4x6", new GroupNorm(2)),
                ("4x3x18", new GroupNorm(1)),
                ("12", new GroupNorm(3)),
                ("3x3x8", new GroupNorm(8) { Epsilon = 0.01f }),
                ("9x31x130", new GroupNorm(5)),
            ],
            [
                (Image, new GroupNorm(0)),
                (Image, new GroupNorm(2)),
                (Image, new GroupNorm(-3)),
                (Image, new GroupNorm(3) { Epsilon = 0 }),
                (Image, new GroupNorm(3) { Epsilon = float.PositiveInfinity }),
            ]),
        Of<Scale>(
            layer => Function(x => layer.Factor * x, _ => layer.Factor),
            [(Image, new Scale(0.17f)), (Image, new Scale(2.5f)), ("35", new Scale(0)), ("7", new Scale())],
            [(Image, new Scale(-1)), (Image, new Scale(float.NaN)), (Image, new Scale(float.PositiveInfinity))]),
    ];

    private static double ApproximateGelu(double x) =>
        0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static double ApproximateGeluSlope(double x)
    {
        double tanh = Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)));
        double inner = Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x));
        return (0.5 * (1 + tanh)) + (0.5 * x * (1 - (tanh * tanh)) * inner);
    }
}
