using System.Collections.Frozen;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks.Notation;
using static Microsoft.ML.ConvNet.Networks.LayerKind;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// Every kind of layer, in a row of its own: the name that model files know it by, its defaults, and its words in the notation of
/// networks. Nothing else in the engine lists layers.
/// </summary>
internal static class LayerKinds
{
    /// <summary>The kinds of layers.</summary>
    public static IReadOnlyList<LayerKind> All { get; } =
    [
        // Convolutions and products.
        Of("Conv2D", new Conv2D(0, 0), NotationWord.Convolution),
        Of("DepthwiseConv2D", new DepthwiseConv2D(0), NotationWord.DepthwiseConvolution),
        Of("ConvTranspose2D", new ConvTranspose2D(0, 0)),
        Of("Conv1D", new Conv1D(0, 0)),
        Of("Dense", new Dense(0), NotationWord.FullyConnected),
        Of("MatMul", new MatMul()),

        // Poolings, and other sizes.
        Of("MaxPool2D", new MaxPool2D(0), NotationWord.MaxPooling("pool"), NotationWord.MaxPooling("maxpool")),
        Of("AvgPool2D", new AvgPool2D(0), NotationWord.AveragePooling),
        Of("LpPool2D", new LpPool2D(0)),
        Of("MaxPool1D", new MaxPool1D(0)),
        Of("AvgPool1D", new AvgPool1D(0)),
        Of("AdaptiveMaxPool2D", new AdaptiveMaxPool2D(0)),
        Of("AdaptiveAvgPool2D", new AdaptiveAvgPool2D(0)),
        Of("GlobalAvgPool2D", new GlobalAvgPool2D(), "gap"),
        Of("GlobalMaxPool2D", new GlobalMaxPool2D(), "gmp"),
        Of("GlobalAvgPool1D", new GlobalAvgPool1D()),
        Of("Resize2D", new Resize2D(0)),
        Of("Upsample2D", new Upsample2D(0)),
        Of("RoiPool2D", new RoiPool2D(0)),
        Of("RoiAlign2D", new RoiAlign2D(0)),

        // Normalisations and dropout.
        Of("BatchNorm", new BatchNorm(), "bn"),
        Of("LocalResponseNorm", new LocalResponseNorm(), "lrn"),
        Of("InstanceNorm", new InstanceNorm(), "in"),
        Of(
            "GroupNorm",
            new GroupNorm(0),
            NotationWord.Numbered("gn", "with a number of groups: gn8", 0, groups => new GroupNorm((int)groups))),
        Of(
            "Dropout",
            new Dropout(),
            NotationWord.Numbered("dropout", "with a rate or without, for 0.5: dropout0.3", 0.5, rate => new Dropout((float)rate))),

        // Functions of one element.
        Of("ReLU", new ReLU(), NotationWord.Rectifier),
        Of("ClippedReLU", new ClippedReLU()),
        Of(
            "LeakyReLU",
            new LeakyReLU(),
            NotationWord.Numbered(
                "leakyrelu", "with a slope or without, for 0.01: leakyrelu0.1", 0.01, slope => new LeakyReLU((float)slope))),
        Of("PReLU", new PReLU(), "prelu"),
        Of("ThresholdedReLU", new ThresholdedReLU()),
        Of("ELU", new ELU(), "elu"),
        Of("CELU", new CELU()),
        Of("SELU", new SELU(), "selu"),
        Of("GELU", new GELU(), "gelu"),
        Of("SiLU", new SiLU(), "silu"),
        Of("Mish", new Mish(), "mish"),
        Of("HardSwish", new HardSwish(), "hardswish"),
        Of("HardSigmoid", new HardSigmoid(), "hardsigmoid"),
        Of("Sigmoid", new Sigmoid(), "sigmoid"),
        Of("Tanh", new Tanh(), "tanh"),
        Of("Softplus", new Softplus(), "softplus"),
        Of("Softsign", new Softsign(), "softsign"),
        Of("Erf", new Erf()),
        Of("Exp", new Exp()),
        Of("Log", new Log()),
        Of("Sqrt", new Sqrt()),
        Of("Negate", new Negate()),
        Of("Reciprocal", new Reciprocal()),
        Of("Abs", new Abs()),
        Of("Scale", new Scale()),

        // Functions of all channels.
        Of("Softmax", new Softmax(), "softmax"),
        Of("LogSoftmax", new LogSoftmax()),

        // Arithmetic between tensors.
        Of("Add", new Add()),
        Of("Subtract", new Subtract()),
        Of("Multiply", new Multiply()),
        Of("Divide", new Divide()),
        Of("Power", new Power()),
        Of("Minimum", new Minimum()),
        Of("Maximum", new Maximum()),
        Of("Compare", new Compare(default)),
        Of("Where", new Where()),

        // Tensors as arrays.
        Of("Flatten", new Flatten(), "flatten"),
        Of("Reshape", new Reshape(default)),
        Of("Permute", new Permute(default)),
        Of("ChannelShuffle", new ChannelShuffle(0)),
        Of("Concat", new Concat()),
        Of("Slice", new Slice(default, default, default)),
        Of("Pad", new Pad(default, default)),
        Of("Gather", new Gather(0, default)),
        Of("Expand", new Expand(default)),
        Of("Reduce", new Reduce(default, default)),
        Of("Constant", new Constant(default)),
    ];

    /// <summary>The kinds of layers by the names that model files know them by.</summary>
    public static FrozenDictionary<string, LayerKind> ByName { get; } = All.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>The kinds of layers by their types.</summary>
    public static FrozenDictionary<Type, LayerKind> ByType { get; } = All.ToFrozenDictionary(kind => kind.Type);
}
