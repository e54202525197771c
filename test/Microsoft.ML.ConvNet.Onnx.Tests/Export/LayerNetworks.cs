using System.Reflection;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>Small networks that have each kind of layer in its forms.</summary>
internal static class LayerNetworks
{
    /// <summary>The layers that cannot be written in ONNX, with the reason for each: there is none.</summary>
    public static readonly Type[] NotInOnnx = [];

    /// <summary>The kinds of layers.</summary>
    public static readonly Type[] Kinds =
        [.. typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract)];

    /// <summary>Every function of one element that ONNX has.</summary>
    public static readonly Layer[] Functions =
        [.. Kinds.Except(NotInOnnx).Where(type => type.IsSubclassOf(typeof(ActivationLayer))).SelectMany(Forms)];

    private static readonly Shape Image = [6, 5, 4];

    /// <summary>The networks, by what they show.</summary>
    public static IReadOnlyList<(string Name, Network Network)> All { get; } =
    [
        ("Conv2D", Input().Conv(8, (3, 2), stride: (2, 1), padding: new Padding(1, 0, 2, 1), dilation: (1, 2), groups: 2)),
        ("Conv2D same", Input().Conv(3, 3, stride: 2, padding: Padding.Same, useBias: false)),
        ("DepthwiseConv2D", Input().Apply(new DepthwiseConv2D(3) { DepthMultiplier = 2, Padding = 1, Stride = 2 })),
        ("ConvTranspose2D",
            Input().Apply(new ConvTranspose2D(6, (3, 4)) { Stride = (2, 3), Padding = new Padding(1, 0, 1, 2), OutputPadding = (1, 0),
                Groups = 2 })),
        ("ConvTranspose2D same", Input().Apply(new ConvTranspose2D(2, 3) { Stride = 2, Padding = Padding.Same })),
        ("ConvTranspose2D same, small window", Input().Apply(new ConvTranspose2D(2, 2) { Stride = 3, Padding = Padding.Same })),
        ("Conv1D", Sequence().Apply(new Conv1D(6, 3) { Stride = 2, Padding = new Padding1D(1, 2), Groups = 2 }).Relu()),
        ("MaxPool1D", Sequence().Apply(new MaxPool1D(3) { Stride = 2, Padding = 1 })),
        ("AvgPool1D", Sequence().Apply(new AvgPool1D(3) { Stride = 2, Padding = 1, CountIncludesPadding = true })),
        ("GlobalAvgPool1D", Sequence().Apply(new Conv1D(5, 2)).Apply(new GlobalAvgPool1D()).Dense(3)),
        ("MaxPool2D", Input().MaxPool(3, stride: 2, padding: 1, ceiling: true)),
        ("AvgPool2D", Input().AvgPool((2, 3), stride: 2, padding: 1, ceiling: true)),
        ("AvgPool2D, padding counts", Input().AvgPool(3, stride: 2, padding: 1, countIncludesPadding: true)),
        ("LpPool2D", Input().Apply(new LpPool2D(3) { P = 3, Stride = 2, Padding = 1 })),
        ("AdaptiveAvgPool2D", Input().AdaptiveAvgPool((4, 3))),
        ("AdaptiveAvgPool2D that divides", Input().AdaptiveAvgPool((3, 5))),
        ("AdaptiveMaxPool2D", Input().AdaptiveMaxPool((4, 3))),
        ("GlobalAvgPool2D", Input().GlobalAvgPool().Dense(3).Softmax()),
        ("GlobalMaxPool2D", Input().Apply(new GlobalMaxPool2D())),
        ("Flatten and Dense", Input().Conv(3, 3).Flatten().Relu().Dropout(0.3f).Dense(7, useBias: false).Relu().Dense(2).Softmax()),
        ("Flatten alone", Input().Flatten()),
        ("Flatten and BatchNorm", Input().Flatten().BatchNorm().Sigmoid()),
        ("BatchNorm", Input().BatchNorm(1e-3f, 0.2f)),
        ("GroupNorm", Input().Apply(new GroupNorm(2) { Epsilon = 1e-3f })),
        ("GroupNorm of a vector", Network.Input(new Shape(6)).Apply(new GroupNorm(2))),
        ("InstanceNorm", Input().Apply(new InstanceNorm())),
        ("LocalResponseNorm", Input().Apply(new LocalResponseNorm(3) { Alpha = 0.1f, K = 2 })),
        ("LocalResponseNorm of a vector", Network.Input(new Shape(6)).Apply(new LocalResponseNorm(3) { Alpha = 0.1f })),
        .. Functions.Select(layer => (layer.ToString(), Of(layer))),
        ("PReLU", Input().Apply(new PReLU())),
        ("PReLU with one slope", Input().Apply(new PReLU { Shared = true })),
        ("PReLU of a sequence that is kept as it is", Network.Input(new Shape(4, 3)).Apply(new PReLU())),
        ("Softmax over channels", Input().Softmax()),
        ("LogSoftmax of a flattened image", Input().Flatten().Apply(new LogSoftmax())),
        ("Add", Two((left, right) => left.Add(right, left))),
        ("Add that broadcasts a constant", WithConstant(input => input.Apply(new Add(), [input.Constant([1, 1, 4])]))),
        ("Multiply", Two((left, right) => left.Multiply(right))),
        ("Multiply by a gate", Gated()),
        ("Subtract", Two((left, right) => left.Subtract(right))),
        ("Divide", Two((left, right) => left.Divide(right.Apply(new Exp())))),
        ("Power", Two((left, right) => left.Apply(new Exp()).Power(right))),
        ("Maximum", Two((left, right) => left.Maximum(right, left))),
        ("Minimum", Two((left, right) => left.Minimum(right))),
        .. Enum.GetValues<Comparison>().Select(
            comparison => ($"Compare {comparison}", Two((left, right) => left.Compare(comparison, right)))),
        ("Where", Two((left, right) => left.Relu().Apply(new Where(), [right, left]))),
        ("Concat", Two((left, right) => left.Concat(right, left))),
        ("Concat along the rows", Two((left, right) => left.Concat(0, right))),
        ("Concat with a constant", WithConstant(input => input.Concat(input.Constant([6, 5, 2])))),
        ("Permute", Input().Permute(1, 2, 0)),
        ("Permute before a convolution", Input().Permute(2, 0, 1).Conv(3, 2)),
        ("Reshape", Input().Conv(4, 1).Reshape([3, 10, 4]).Conv(2, 2)),
        ("ChannelShuffle", Input().ChannelShuffle(2).Conv(3, 2)),
        ("ChannelShuffle of a vector", Network.Input(new Shape(6)).ChannelShuffle(3)),
        ("Constant", WithConstant(input => input.Multiply(input.Constant([6, 5, 4])))),
        .. Enum.GetValues<ReduceFunction>().Select(
            function => ($"Reduce {function}", Input().Reduce(function, [0, 1], keepDimensions: false).ToNetwork())),
        ("Reduce, channels", Input().Reduce(ReduceFunction.Mean, [-1], keepDimensions: false)),
        ("Reduce, one axis", Input().Reduce(ReduceFunction.Max, [1], keepDimensions: false)),
        ("Reduce, kept", Input().Reduce(ReduceFunction.Sum, [0, -1])),
        ("Reduce, all", Input().Reduce(ReduceFunction.Mean, [0, 1, 2], keepDimensions: false)),
        ("Slice", Input().Slice([0, -1], [1, -3], [5, int.MaxValue])),
        ("Slice backwards", Input().Slice([1, 2], [-1, 3], [-6, 0], [-2, -1])),
        ("Pad", Input().Pad(new Padding(1, 0, 2, 1), value: 0.5f)),
        ("Pad, reflected", Input().Pad(new Padding(1, 2, 3, 0), PaddingMode.Reflect)),
        ("Pad, replicated", Input().Pad(new Integers([1, 0, 2]), new Integers([0, 2, 1]), PaddingMode.Replicate)),
        ("Gather", Input().Gather(-1, [3, 0, 0, -1, 2])),
        ("Gather, rows", Input().Gather(0, [5, 1])),
        ("Expand", Input().GlobalAvgPool().Reshape([1, 1, 4]).Expand([3, 2, 4])),
        ("Expand to more dimensions", Network.Input(new Shape(4)).Expand([2, 3, 4])),
        ("MatMul", OfMatrix(input => input.MatMul(input.Permute(1, 0)))),
        ("MatMul with a constant on the left", OfMatrix(input => input.Constant([2, 3, 4]).MatMul(input))),
        ("MatMul with a vector", OfMatrix(input => input.MatMul(input.Reduce(ReduceFunction.Mean, [0], keepDimensions: false)))),
        ("MatMul of a vector", OfMatrix(input => input.Reduce(ReduceFunction.Mean, [1], keepDimensions: false).MatMul(input))),
        ("Resize2D", Input().Apply(new Resize2D((9, 7)) { Mode = ResizeMode.Bilinear, Coordinates = ResizeCoordinates.AlignCorners })),
        ("Resize2D, nearest",
            Input().Apply(new Resize2D((4, 9)) { Coordinates = ResizeCoordinates.Asymmetric, Rounding = NearestRounding.Ceil })),
        ("Resize2D by scales", Input().Apply(
            new Resize2D((11, 8)) { Mode = ResizeMode.Bilinear, VerticalScale = 1.95f, HorizontalScale = 1.7f })),
        ("Upsample2D", Input().Apply(new Upsample2D((2, 3)))),
        ("Upsample2D, bilinear", Input().Apply(new Upsample2D(2) { Mode = ResizeMode.Bilinear })),
        ("RoiPool2D",
            WithConstant(input => input.Apply(new RoiPool2D(2) { SpatialScale = 0.5f }, [input.Constant([3, 4], name: "boxes")]))),
        ("RoiAlign2D",
            WithConstant(input => input.Apply(new RoiAlign2D(2) { SamplingRatio = 2 }, [input.Constant([3, 4], name: "boxes")]))),
        ("RoiAlign2D, maximum",
            WithConstant(input => input.Apply(new RoiAlign2D((1, 2)) { Aligned = false, Mode = RoiAlignMode.Maximum },
                [input.Constant([3, 4], name: "boxes")]))),
    ];

    private static SymbolicTensor Input() => Network.Input(Image);

    private static SymbolicTensor Sequence() => Network.Input(new Shape(9, 4));

    /// <summary>A function of one element; those that are not for every number take positive ones.</summary>
    private static Network Of(Layer function) =>
        (function is Log or Sqrt or Reciprocal ? Input().Apply(new Exp()) : Input()).Apply(function);

    /// <summary>A layer with its defaults, and one that differs in all hyperparameters, which are numbers and switches.</summary>
    private static IEnumerable<Layer> Forms(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().Single();
        Layer layer = (Layer)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
        Layer other = layer with { };
        foreach (PropertyInfo hyperparameter in type.GetProperties().Where(property => property.CanWrite))
        {
            hyperparameter.SetValue(other, hyperparameter.PropertyType == typeof(bool) ? true : 0.37f);
        }

        return new[] { layer, other }.Distinct();
    }

    private static Network Two(Func<SymbolicTensor, SymbolicTensor, SymbolicTensor> join) =>
        WithConstant(input => join(input.Conv(4, 1), input.Conv(4, 3, padding: 1)));

    private static Network WithConstant(Func<SymbolicTensor, SymbolicTensor> build) => build(Input());

    private static Network OfMatrix(Func<SymbolicTensor, SymbolicTensor> build) => build(Network.Input(new Shape(4, 3)));

    private static Network Gated() => WithConstant(input =>
    {
        SymbolicTensor features = input.Conv(4, 3);
        return features.Multiply(features.GlobalAvgPool().Dense(4).Sigmoid().Reshape([1, 1, 4]));
    });
}
