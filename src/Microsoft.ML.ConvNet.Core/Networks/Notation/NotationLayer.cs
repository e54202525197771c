using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks.Notation;

/// <summary>A layer of the notation: its name, how it is written, and what it stands for.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Form">How it is written, with an example.</param>
/// <param name="Apply">Adds it to a network; the last argument is the number of classes, if it is known.</param>
internal sealed record NotationLayer(
    string Name, string Form, Func<SymbolicTensor, NotationArguments, int?, SymbolicTensor> Apply)
{
    private const string ConvolutionForm =
        "conv, a window, a hyphen and a number of filters, with stride s, padding p, dilation d, groups g and bias b (0 or 1) as options: "
        + "conv3-32, conv3x5-32s2p0";

    private const string PoolForm = "with a window, stride s and padding p as options: pool2, pool3s2p1";

    /// <summary>Every layer by its name.</summary>
    public static IReadOnlyDictionary<string, NotationLayer> All { get; } = new NotationLayer[]
    {
        new("conv", ConvolutionForm, Convolution),
        new("dwconv", "with a window, stride s, padding p, dilation d and bias b as options: dwconv3s2", Depthwise),
        new("pool", PoolForm, (x, arguments, _) => Pool(x, arguments, isMaximum: true)),
        new("maxpool", PoolForm, (x, arguments, _) => Pool(x, arguments, isMaximum: true)),
        new("avgpool", PoolForm, (x, arguments, _) => Pool(x, arguments, isMaximum: false)),
        new("fc", "with a number of units, or without for the number of classes, and bias b as option: fc500, fc", FullyConnected),
        new("dropout", "with a rate or without, for 0.5: dropout0.3", (x, arguments, _) =>
            x.Dropout((float)Number(arguments, "with a rate or without, for 0.5: dropout0.3", 0.5))),
        new("relu", "alone, or with the number at which it is clipped: relu, relu6", (x, arguments, _) =>
            Number(arguments, "alone, or with the number at which it is clipped: relu, relu6", 0) is > 0 and var maximum
                ? x.ClippedRelu((float)maximum)
                : x.Relu()),
        new("leakyrelu", "with a slope or without, for 0.01: leakyrelu0.1", (x, arguments, _) =>
            x.LeakyRelu((float)Number(arguments, "with a slope or without, for 0.01: leakyrelu0.1", 0.01))),
        new("gn", "with a number of groups: gn8", (x, arguments, _) =>
            x.GroupNorm((int)Number(arguments, "with a number of groups: gn8", 0))),
        Plain("prelu", x => x.Prelu()),
        Plain("elu", x => x.Elu()),
        Plain("selu", x => x.Selu()),
        Plain("gelu", x => x.Gelu()),
        Plain("silu", x => x.Silu()),
        Plain("mish", x => x.Mish()),
        Plain("hardswish", x => x.HardSwish()),
        Plain("hardsigmoid", x => x.HardSigmoid()),
        Plain("sigmoid", x => x.Sigmoid()),
        Plain("tanh", x => x.Tanh()),
        Plain("softplus", x => x.Softplus()),
        Plain("softsign", x => x.Softsign()),
        Plain("bn", x => x.BatchNorm()),
        Plain("lrn", x => x.LocalResponseNorm()),
        Plain("in", x => x.InstanceNorm()),
        Plain("gap", x => x.GlobalAvgPool()),
        Plain("gmp", x => x.GlobalMaxPool()),
        Plain("flatten", x => x.Flatten()),
        Plain("softmax", x => x.Softmax()),
    }.ToDictionary(layer => layer.Name, StringComparer.Ordinal);

    private static NotationLayer Plain(string name, Func<SymbolicTensor, SymbolicTensor> apply) => new(name, "alone", (x, arguments, _) =>
    {
        arguments.Allow("alone", size: false, count: false, number: false, string.Empty);
        return apply(x);
    });

    private static SymbolicTensor Convolution(SymbolicTensor x, NotationArguments arguments, int? classes)
    {
        arguments.Allow(ConvolutionForm, size: true, count: true, number: false, "spdgb");
        if (arguments.Count is not { } filters)
        {
            throw arguments.Token.Error($"conv is written {ConvolutionForm}. Received: \"{arguments.Token.Text}\".");
        }

        Size2D window = Window(arguments, ConvolutionForm);
        int dilation = arguments.Option('d') ?? 1;
        return x.Conv(
            filters,
            window,
            arguments.Option('s'),
            arguments.Option('p') ?? KeepingSize(window, dilation),
            dilation,
            arguments.Option('g') ?? 1,
            UsesBias(arguments));
    }

    private static SymbolicTensor Depthwise(SymbolicTensor x, NotationArguments arguments, int? classes)
    {
        const string Form = "with a window, stride s, padding p, dilation d and bias b as options: dwconv3s2";
        arguments.Allow(Form, size: true, count: false, number: false, "spdb");
        Size2D window = Window(arguments, Form);
        int dilation = arguments.Option('d') ?? 1;
        return x.DepthwiseConv(
            window,
            stride: arguments.Option('s'),
            padding: arguments.Option('p') ?? KeepingSize(window, dilation),
            dilation: dilation,
            useBias: UsesBias(arguments));
    }

    private static SymbolicTensor Pool(SymbolicTensor x, NotationArguments arguments, bool isMaximum)
    {
        arguments.Allow(PoolForm, size: true, count: false, number: false, "sp");
        Size2D window = Window(arguments, PoolForm);
        Padding padding = arguments.Option('p') ?? 0;
        return isMaximum ? x.MaxPool(window, arguments.Option('s'), padding) : x.AvgPool(window, arguments.Option('s'), padding);
    }

    private static SymbolicTensor FullyConnected(SymbolicTensor x, NotationArguments arguments, int? classes)
    {
        const string Form = "with a number of units, or without for the number of classes, and bias b as option: fc500, fc";
        arguments.Allow(Form, size: false, count: false, number: true, "b");
        if (arguments.Number != null && arguments.Size == null)
        {
            throw arguments.Token.Error($"fc is written {Form}. Received: \"{arguments.Token.Text}\".");
        }

        int units = arguments.Size?.Height
            ?? classes
            ?? throw arguments.Token.Error("fc has a number of units where the number of classes is not known, as fc10. Received: \"fc\".");
        Initialization initialization = arguments.Size == null ? Initialization.GlorotUniform : Initialization.HeNormal;
        return (x.Shape.Rank > 1 ? x.Flatten() : x).Dense(units, UsesBias(arguments), initialization);
    }

    private static double Number(NotationArguments arguments, string form, double otherwise)
    {
        arguments.Allow(form, size: false, count: false, number: true, string.Empty);
        return arguments.Number ?? otherwise;
    }

    private static Size2D Window(NotationArguments arguments, string form) =>
        arguments.Size ?? throw arguments.Token.Error($"{arguments.Name} is written {form}. Received: \"{arguments.Token.Text}\".");

    private static bool UsesBias(NotationArguments arguments) => arguments.Option('b') is var bias and (null or 0 or 1)
        ? bias != 0
        : throw arguments.Token.Error($"The bias is b0 for none or b1. Received: \"{arguments.Token.Text}\".");

    /// <summary>Zeros around the input that keep its size at stride 1; behind it one more than before, where they are odd.</summary>
    private static Padding KeepingSize(Size2D window, int dilation)
    {
        (int vertical, int horizontal) = (Around(window.Height), Around(window.Width));
        return new Padding(vertical / 2, vertical - (vertical / 2), horizontal / 2, horizontal - (horizontal / 2));

        int Around(int length) => (int)Math.Min((long)Math.Max(length - 1, 0) * dilation, int.MaxValue / 2);
    }
}
