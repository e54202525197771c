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
        Of<Conv2D>("Conv2D", () => new Conv2D(0, 0), NotationWord.Convolution),
        Of<DepthwiseConv2D>("DepthwiseConv2D", () => new DepthwiseConv2D(0), NotationWord.DepthwiseConvolution),
        Of<ConvTranspose2D>("ConvTranspose2D", () => new ConvTranspose2D(0, 0)),
        Of<Conv1D>("Conv1D", () => new Conv1D(0, 0)),
        Of<Dense>("Dense", () => new Dense(0), NotationWord.FullyConnected),
        Of<MatMul>("MatMul", () => new MatMul()),

        // Poolings, and other sizes.
        Of<MaxPool2D>("MaxPool2D", () => new MaxPool2D(0), NotationWord.MaxPooling("pool"), NotationWord.MaxPooling("maxpool")),
        Of<AvgPool2D>("AvgPool2D", () => new AvgPool2D(0), NotationWord.AveragePooling),
        Of<LpPool2D>("LpPool2D", () => new LpPool2D(0)),
        Of<MaxPool1D>("MaxPool1D", () => new MaxPool1D(0)),
        Of<AvgPool1D>("AvgPool1D", () => new AvgPool1D(0)),
        Of<AdaptiveMaxPool2D>("AdaptiveMaxPool2D", () => new AdaptiveMaxPool2D(0)),
        Of<AdaptiveAvgPool2D>("AdaptiveAvgPool2D", () => new AdaptiveAvgPool2D(0)),
        Of<GlobalAvgPool2D>("GlobalAvgPool2D", () => new GlobalAvgPool2D(), "gap"),
        Of<GlobalMaxPool2D>("GlobalMaxPool2D", () => new GlobalMaxPool2D(), "gmp"),
        Of<GlobalAvgPool1D>("GlobalAvgPool1D", () => new GlobalAvgPool1D()),
        Of<Resize2D>("Resize2D", () => new Resize2D(0)),
        Of<Upsample2D>("Upsample2D", () => new Upsample2D(0)),
        Of<RoiPool2D>("RoiPool2D", () => new RoiPool2D(0)),
        Of<RoiAlign2D>("RoiAlign2D", () => new RoiAlign2D(0)),

        // Normalisations and dropout.
        Of<BatchNorm>("BatchNorm", () => new BatchNorm(), "bn"),
        Of<LocalResponseNorm>("LocalResponseNorm", () => new LocalResponseNorm(), "lrn"),
        Of<InstanceNorm>("InstanceNorm", () => new InstanceNorm(), "in"),
        Of<GroupNorm>(
            "GroupNorm",
            () => new GroupNorm(0),
            NotationWord.Numbered("gn", "with a number of groups: gn8", 0, groups => new GroupNorm((int)groups))),
        Of<Dropout>(
            "Dropout",
            () => new Dropout(),
            NotationWord.Numbered("dropout", "with a rate or without, for 0.5: dropout0.3", 0.5, rate => new Dropout((float)rate))),

        // Functions of one element.
        Of<ReLU>("ReLU", () => new ReLU(), NotationWord.Rectifier),
        Of<ClippedReLU>("ClippedReLU", () => new ClippedReLU()),
        Of<LeakyReLU>(
            "LeakyReLU",
            () => new LeakyReLU(),
            NotationWord.Numbered(
                "leakyrelu", "with a slope or without, for 0.01: leakyrelu0.1", 0.01, slope => new LeakyReLU((float)slope))),
        Of<PReLU>("PReLU", () => new PReLU(), "prelu"),
        Of<ThresholdedReLU>("ThresholdedReLU", () => new ThresholdedReLU()),
        Of<ELU>("ELU", () => new ELU(), "elu"),
        Of<CELU>("CELU", () => new CELU()),
        Of<SELU>("SELU", () => new SELU(), "selu"),
        Of<GELU>("GELU", () => new GELU(), "gelu"),
        Of<SiLU>("SiLU", () => new SiLU(), "silu"),
        Of<Mish>("Mish", () => new Mish(), "mish"),
        Of<HardSwish>("HardSwish", () => new HardSwish(), "hardswish"),
        Of<HardSigmoid>("HardSigmoid", () => new HardSigmoid(), "hardsigmoid"),
        Of<Sigmoid>("Sigmoid", () => new Sigmoid(), "sigmoid"),
        Of<Tanh>("Tanh", () => new Tanh(), "tanh"),
        Of<Softplus>("Softplus", () => new Softplus(), "softplus"),
        Of<Softsign>("Softsign", () => new Softsign(), "softsign"),
        Of<Erf>("Erf", () => new Erf()),
        Of<Exp>("Exp", () => new Exp()),
        Of<Log>("Log", () => new Log()),
        Of<Sqrt>("Sqrt", () => new Sqrt()),
        Of<Negate>("Negate", () => new Negate()),
        Of<Reciprocal>("Reciprocal", () => new Reciprocal()),
        Of<Abs>("Abs", () => new Abs()),
        Of<Scale>("Scale", () => new Scale()),

        // Functions of all channels.
        Of<Softmax>("Softmax", () => new Softmax(), "softmax"),
        Of<LogSoftmax>("LogSoftmax", () => new LogSoftmax()),

        // Arithmetic between tensors.
        Of<Add>("Add", () => new Add()),
        Of<Subtract>("Subtract", () => new Subtract()),
        Of<Multiply>("Multiply", () => new Multiply()),
        Of<Divide>("Divide", () => new Divide()),
        Of<Power>("Power", () => new Power()),
        Of<Minimum>("Minimum", () => new Minimum()),
        Of<Maximum>("Maximum", () => new Maximum()),
        Of<Compare>("Compare", () => new Compare(default)),
        Of<Where>("Where", () => new Where()),

        // Tensors as arrays.
        Of<Flatten>("Flatten", () => new Flatten(), "flatten"),
        Of<Reshape>("Reshape", () => new Reshape(default)),
        Of<Permute>("Permute", () => new Permute(default)),
        Of<ChannelShuffle>("ChannelShuffle", () => new ChannelShuffle(0)),
        Of<Concat>("Concat", () => new Concat()),
        Of<Slice>("Slice", () => new Slice(default, default, default)),
        Of<Pad>("Pad", () => new Pad(default, default)),
        Of<Gather>("Gather", () => new Gather(0, default)),
        Of<Expand>("Expand", () => new Expand(default)),
        Of<Reduce>("Reduce", () => new Reduce(default, default)),
        Of<Constant>("Constant", () => new Constant(default)),
    ];

    /// <summary>The kinds of layers by the names that model files know them by.</summary>
    public static IReadOnlyDictionary<string, LayerKind> ByName { get; } = All.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>The kinds of layers by their types.</summary>
    public static IReadOnlyDictionary<Type, LayerKind> ByType { get; } = All.ToDictionary(kind => kind.Type);
}
