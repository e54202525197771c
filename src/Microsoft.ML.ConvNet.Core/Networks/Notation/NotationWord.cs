using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks.Notation;

/// <summary>A word of the notation: its name, and the layer that it stands for.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Read">The layer, by what stands behind the name; the last argument is the number of classes, if it is known.</param>
internal sealed record NotationWord(string Name, Func<NotationArguments, int?, Layer> Read)
{
    private const string ConvolutionForm =
        "conv, a window, a hyphen and a number of filters, with stride s, padding p, dilation d, groups g and bias b (0 or 1) as options: "
        + "conv3-32, conv3x5-32s2p0";

    private const string DepthwiseForm = "with a window, stride s, padding p, dilation d and bias b as options: dwconv3s2";

    private const string PoolForm = "with a window, stride s and padding p as options: pool2, pool3s2p1";

    private const string FullyConnectedForm =
        "with a number of units, or without for the number of classes, and bias b as option: fc500, fc";

    private const string RectifierForm = "alone, or with the number at which it is clipped: relu, relu6";

    /// <summary>A convolution, which keeps the size where no padding is given: <c>conv3-32</c>.</summary>
    public static NotationWord Convolution { get; } = new("conv", (arguments, _) =>
    {
        arguments.Allow(ConvolutionForm, size: true, count: true, number: false, "spdgb");
        if (arguments.Count is not { } filters)
        {
            throw arguments.Token.Error($"conv is written {ConvolutionForm}. Received: \"{arguments.Token.Text}\".");
        }

        Size2D window = Window(arguments, ConvolutionForm);
        int dilation = arguments.Option('d') ?? 1;
        return new Conv2D(filters, window)
        {
            Stride = arguments.Option('s') ?? 1,
            Padding = arguments.Option('p') ?? KeepingSize(window, dilation),
            Dilation = dilation,
            Groups = arguments.Option('g') ?? 1,
            UseBias = UsesBias(arguments),
        };
    });

    /// <summary>A depthwise convolution: <c>dwconv3s2</c>.</summary>
    public static NotationWord DepthwiseConvolution { get; } = new("dwconv", (arguments, _) =>
    {
        arguments.Allow(DepthwiseForm, size: true, count: false, number: false, "spdb");
        Size2D window = Window(arguments, DepthwiseForm);
        int dilation = arguments.Option('d') ?? 1;
        return new DepthwiseConv2D(window)
        {
            Stride = arguments.Option('s') ?? 1,
            Padding = arguments.Option('p') ?? KeepingSize(window, dilation),
            Dilation = dilation,
            UseBias = UsesBias(arguments),
        };
    });

    /// <summary>A fully connected layer: <c>fc500</c>, or <c>fc</c> with as many units as there are classes.</summary>
    public static NotationWord FullyConnected { get; } = new("fc", (arguments, classes) =>
    {
        arguments.Allow(FullyConnectedForm, size: false, count: false, number: true, "b");
        if (arguments.Number != null && arguments.Size == null)
        {
            throw arguments.Token.Error($"fc is written {FullyConnectedForm}. Received: \"{arguments.Token.Text}\".");
        }

        int units = arguments.Size?.Height
            ?? classes
            ?? throw arguments.Token.Error("fc has a number of units where the number of classes is not known, as fc10. Received: \"fc\".");
        return new Dense(units)
        {
            UseBias = UsesBias(arguments),
            Initialization = arguments.Size == null ? Initialization.GlorotUniform : Initialization.HeNormal,
        };
    });

    /// <summary>A mean over windows: <c>avgpool2</c>.</summary>
    public static NotationWord AveragePooling { get; } = Pooling("avgpool", (window, stride, padding) =>
        new AvgPool2D(window) { Stride = stride, Padding = padding });

    /// <summary>A rectifier, clipped where a number stands behind it: <c>relu</c>, <c>relu6</c>.</summary>
    public static NotationWord Rectifier { get; } =
        Numbered("relu", RectifierForm, 0, maximum => maximum > 0 ? new ClippedReLU((float)maximum) : new ReLU());

    /// <summary>A maximum over windows, under one of its names: <c>pool2</c>.</summary>
    public static NotationWord MaxPooling(string name) => Pooling(name, (window, stride, padding) =>
        new MaxPool2D(window) { Stride = stride, Padding = padding });

    /// <summary>A word that stands alone and means one layer.</summary>
    public static NotationWord Alone(string name, Func<Layer> layer) => new(name, (arguments, _) =>
    {
        arguments.Allow("alone", size: false, count: false, number: false, string.Empty);
        return layer();
    });

    /// <summary>A word with a number behind it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="form">How it is written, with an example.</param>
    /// <param name="otherwise">The number where none is written.</param>
    /// <param name="layer">The layer of a number.</param>
    public static NotationWord Numbered(string name, string form, double otherwise, Func<double, Layer> layer) => new(name, (arguments, _) =>
    {
        arguments.Allow(form, size: false, count: false, number: true, string.Empty);
        return layer(arguments.Number ?? otherwise);
    });

    private static NotationWord Pooling(string name, Func<Size2D, Size2D?, Padding, Layer> layer) => new(name, (arguments, _) =>
    {
        arguments.Allow(PoolForm, size: true, count: false, number: false, "sp");
        return layer(Window(arguments, PoolForm), arguments.Option('s'), arguments.Option('p') ?? 0);
    });

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
