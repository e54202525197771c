using Microsoft.ML.ConvNet.Layers;
using static Microsoft.ML.ConvNet.Core.Tests.Layers.ActivationLayerOracle;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>Every kind of layer, with what the contract tries on it. A new layer joins by its line here.</summary>
internal static partial class LayerRegistrations
{
    private const string Image = "5x4x3";

    public static IReadOnlyList<LayerRegistration> All { get; } =
    [
        Of<Conv2D>(
            layer => new ConvolutionLayerOracle(layer),
            [
                ("7x6x3", new Conv2D(4, 3)),
                ("6x6x1", new Conv2D(6, 5) { Padding = 2 }),
                ("9x8x6", new Conv2D(8, (3, 5)) { Stride = (2, 1), Padding = new Padding(1, 0, 2, 3), Groups = 2 }),
                ("8x9x4", new Conv2D(17, 3) { Stride = 2, Padding = Padding.Same, Initialization = Initialization.GlorotUniform }),
                ("9x9x2", new Conv2D(3, 3) { Dilation = (2, 3), Padding = Padding.Same, UseBias = false }),
                ("6x7x5", new Conv2D(5, 3) { Groups = 5, Padding = 1 }),
                ("4x5x33", new Conv2D(20, 1)),
            ],
            [
                ("7", new Conv2D(4, 3)),
                ("7x7x3", new Conv2D(0, 3)),
                ("7x7x3", new Conv2D(4, 0)),
                ("7x7x3", new Conv2D(4, 8)),
                ("7x7x3", new Conv2D(4, 3) { Stride = 0 }),
                ("7x7x3", new Conv2D(4, 3) { Stride = 46_000 }),
                ("7x7x3", new Conv2D(4, 3) { Dilation = -1 }),
                ("7x7x3", new Conv2D(4, 3) { Padding = -1 }),
                ("7x7x3", new Conv2D(4, 3) { Padding = int.MaxValue }),
                ("7x7x3", new Conv2D(4, 3) { Padding = Padding.Same, Dilation = int.MaxValue }),
                ("7x7x3", new Conv2D(4, 3) { Groups = 2 }),
                ("7x7x4", new Conv2D(6, 3) { Groups = 4 }),
                ("7x7x4", new Conv2D(int.MaxValue, 3)),
            ]),
        Of<Dense>(
            layer => new DenseLayerOracle(layer),
            [("13", new Dense(7)), ("5", new Dense(33) { UseBias = false, Initialization = Initialization.GlorotNormal })],
            [(Image, new Dense(7)), ("13", new Dense(0)), ("13", new Dense(int.MaxValue))]),
        Of<Flatten>(_ => new IdentityLayerOracle(), [(Image, new Flatten()), ("6", new Flatten())]),
        Of<MaxPool2D>(
            layer => new PoolingLayerOracle(layer, isMaximum: true),
            [
                ("6x8x5", new MaxPool2D(2)),
                ("7x7x3", new MaxPool2D(3) { Stride = 2 }),
                ("7x8x3", new MaxPool2D((3, 2)) { Stride = (2, 3), Padding = 1, Ceiling = true }),
                ("5x6x17", new MaxPool2D(3) { Stride = 2, Padding = Padding.Same }),
                ("9x8x5", new MaxPool2D((3, 2)) { Stride = 1, Dilation = (2, 3) }),
                ("7x9x18", new MaxPool2D(3) { Stride = 2, Padding = 2, Dilation = 2, Ceiling = true }),
            ],
            [
                ("7", new MaxPool2D(2)),
                (Image, new MaxPool2D(0)),
                (Image, new MaxPool2D(6)),
                (Image, new MaxPool2D(2) { Padding = 2 }),
                (Image, new MaxPool2D(2) { Dilation = 0 }),
                ("2x5x3", new MaxPool2D(2) { Dilation = (4, 1), Padding = Padding.Symmetric(2, 0), Stride = 1 }),
            ]),
        Of<AvgPool2D>(
            layer => new PoolingLayerOracle(layer, isMaximum: false),
            [
                ("6x8x5", new AvgPool2D(2)),
                ("7x7x3", new AvgPool2D(3) { Stride = 2, Padding = 1 }),
                ("7x7x3", new AvgPool2D(3) { Stride = 2, Padding = 1, CountIncludesPadding = true }),
                ("6x6x17", new AvgPool2D((3, 2)) { Stride = 3, Ceiling = true }),
                ("8x7x3", new AvgPool2D(3) { Stride = (2, 3), Padding = 1, Ceiling = true, CountIncludesPadding = true }),
                ("9x8x17", new AvgPool2D((3, 2)) { Stride = 1, Dilation = (2, 3), Padding = 1 }),
                ("9x8x5", new AvgPool2D(3) { Stride = 2, Dilation = 2, Padding = 2, Ceiling = true, CountIncludesPadding = true }),
            ],
            [("7", new AvgPool2D(2)), (Image, new AvgPool2D(2) { Stride = -1 }), (Image, new AvgPool2D(9))]),
        Of<AdaptiveMaxPool2D>(
            layer => new PoolingLayerOracle(layer, isMaximum: true),
            [("7x5x3", new AdaptiveMaxPool2D((3, 2))), ("2x3x4", new AdaptiveMaxPool2D(4))],
            [("7", new AdaptiveMaxPool2D(2)), (Image, new AdaptiveMaxPool2D(0)), (Image, new AdaptiveMaxPool2D(1 << 30))]),
        Of<AdaptiveAvgPool2D>(
            layer => new PoolingLayerOracle(layer, isMaximum: false),
            [("7x5x3", new AdaptiveAvgPool2D((3, 2))), ("2x3x4", new AdaptiveAvgPool2D(4))],
            [("7", new AdaptiveAvgPool2D(2)), (Image, new AdaptiveAvgPool2D((2, -2)))]),
        Of<GlobalAvgPool2D>(
            layer => new PoolingLayerOracle(layer, isMaximum: false), [("5x7x19", new GlobalAvgPool2D())], [("7", new GlobalAvgPool2D())]),
        Of<BatchNorm>(
            layer => new BatchNormLayerOracle(layer),
            [(Image, new BatchNorm()), ("9", new BatchNorm { Epsilon = 0.01f, Momentum = 0.5f }), ("3x3x18", new BatchNorm())],
            [(Image, new BatchNorm { Epsilon = 0 }), (Image, new BatchNorm { Momentum = 1.5f }), (Image, new BatchNorm { Epsilon = float.NaN })]),
        Of<Dropout>(
            _ => new IdentityLayerOracle(),
            [(Image, new Dropout(0))],
            [(Image, new Dropout(1)), (Image, new Dropout(-0.1f)), (Image, new Dropout(float.NaN))]),
        Of<ReLU>(_ => Function(x => Math.Max(0, x), x => x > 0 ? 1 : 0), [(Image, new ReLU()), ("35", new ReLU())]),
        Of<LeakyReLU>(
            layer => Function(x => x > 0 ? x : layer.Slope * x, x => x > 0 ? 1 : layer.Slope),
            [(Image, new LeakyReLU()), (Image, new LeakyReLU(0.3f))],
            [(Image, new LeakyReLU(float.NaN)), (Image, new LeakyReLU(-0.5f))]),
        Of<ELU>(
            layer => Function(x => x > 0 ? x : layer.Alpha * (Math.Exp(x) - 1), x => x > 0 ? 1 : layer.Alpha * Math.Exp(x)),
            [(Image, new ELU()), (Image, new ELU(0.7f))],
            [(Image, new ELU(float.PositiveInfinity)), (Image, new ELU(-1))]),
        Of<Sigmoid>(_ => Function(Logistic, x => Logistic(x) * (1 - Logistic(x))), [(Image, new Sigmoid())]),
        Of<Tanh>(_ => Function(Math.Tanh, x => 1 - (Math.Tanh(x) * Math.Tanh(x))), [(Image, new Tanh())]),
        Of<Softplus>(_ => Function(x => Math.Log(1 + Math.Exp(x)), Logistic), [(Image, new Softplus())]),
        Of<SiLU>(
            _ => Function(x => x * Logistic(x), x => Logistic(x) * (1 + (x * (1 - Logistic(x))))), [(Image, new SiLU())]),
        Of<Softmax>(_ => new SoftmaxLayerOracle(), [("10", new Softmax()), ("2x3x5", new Softmax())]),
        .. Functions,
        .. Windows,
        .. Sequences,
        .. Arrays,
        .. RegionsOfInterest,
    ];

    /// <summary>The oracle of a layer.</summary>
    public static LayerOracle OracleOf(Layer layer) => All.Single(registration => registration.LayerType == layer.GetType()).OracleOf(layer);

    private static LayerRegistration Of<TLayer>(
        Func<TLayer, LayerOracle> oracle, (string Inputs, Layer Layer)[] cases, params (string Inputs, Layer Layer)[] refused)
        where TLayer : Layer =>
        new(typeof(TLayer), layer => oracle((TLayer)layer), cases, refused);

    private static ActivationLayerOracle Function(Func<double, double> function, Func<double, double> derivative) => new(function, derivative);
}
