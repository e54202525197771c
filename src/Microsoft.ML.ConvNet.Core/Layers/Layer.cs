using System.Text.Json.Serialization;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// A layer's hyperparameters: an immutable value that says what shape it gives, what parameters it has and which operations compute
/// it. It holds no weights. Every layer is registered here, under the name that model files know it by.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "layer")]
[JsonDerivedType(typeof(Conv2D), "Conv2D")]
[JsonDerivedType(typeof(Dense), "Dense")]
[JsonDerivedType(typeof(Flatten), "Flatten")]
[JsonDerivedType(typeof(MaxPool2D), "MaxPool2D")]
[JsonDerivedType(typeof(AvgPool2D), "AvgPool2D")]
[JsonDerivedType(typeof(AdaptiveMaxPool2D), "AdaptiveMaxPool2D")]
[JsonDerivedType(typeof(AdaptiveAvgPool2D), "AdaptiveAvgPool2D")]
[JsonDerivedType(typeof(GlobalAvgPool2D), "GlobalAvgPool2D")]
[JsonDerivedType(typeof(BatchNorm), "BatchNorm")]
[JsonDerivedType(typeof(GroupNorm), "GroupNorm")]
[JsonDerivedType(typeof(InstanceNorm), "InstanceNorm")]
[JsonDerivedType(typeof(LocalResponseNorm), "LocalResponseNorm")]
[JsonDerivedType(typeof(Dropout), "Dropout")]
[JsonDerivedType(typeof(ReLU), "ReLU")]
[JsonDerivedType(typeof(LeakyReLU), "LeakyReLU")]
[JsonDerivedType(typeof(ELU), "ELU")]
[JsonDerivedType(typeof(Sigmoid), "Sigmoid")]
[JsonDerivedType(typeof(Tanh), "Tanh")]
[JsonDerivedType(typeof(Softplus), "Softplus")]
[JsonDerivedType(typeof(SiLU), "SiLU")]
[JsonDerivedType(typeof(GELU), "GELU")]
[JsonDerivedType(typeof(SELU), "SELU")]
[JsonDerivedType(typeof(CELU), "CELU")]
[JsonDerivedType(typeof(HardSigmoid), "HardSigmoid")]
[JsonDerivedType(typeof(HardSwish), "HardSwish")]
[JsonDerivedType(typeof(Mish), "Mish")]
[JsonDerivedType(typeof(Softsign), "Softsign")]
[JsonDerivedType(typeof(Erf), "Erf")]
[JsonDerivedType(typeof(ThresholdedReLU), "ThresholdedReLU")]
[JsonDerivedType(typeof(ClippedReLU), "ClippedReLU")]
[JsonDerivedType(typeof(Scale), "Scale")]
[JsonDerivedType(typeof(PReLU), "PReLU")]
[JsonDerivedType(typeof(Exp), "Exp")]
[JsonDerivedType(typeof(Log), "Log")]
[JsonDerivedType(typeof(Sqrt), "Sqrt")]
[JsonDerivedType(typeof(Negate), "Negate")]
[JsonDerivedType(typeof(Reciprocal), "Reciprocal")]
[JsonDerivedType(typeof(Abs), "Abs")]
[JsonDerivedType(typeof(Softmax), "Softmax")]
[JsonDerivedType(typeof(LogSoftmax), "LogSoftmax")]
[JsonDerivedType(typeof(Add), "Add")]
[JsonDerivedType(typeof(Concat), "Concat")]
[JsonDerivedType(typeof(DepthwiseConv2D), "DepthwiseConv2D")]
[JsonDerivedType(typeof(ConvTranspose2D), "ConvTranspose2D")]
[JsonDerivedType(typeof(GlobalMaxPool2D), "GlobalMaxPool2D")]
[JsonDerivedType(typeof(Conv1D), "Conv1D")]
[JsonDerivedType(typeof(MaxPool1D), "MaxPool1D")]
[JsonDerivedType(typeof(AvgPool1D), "AvgPool1D")]
[JsonDerivedType(typeof(GlobalAvgPool1D), "GlobalAvgPool1D")]
[JsonDerivedType(typeof(Permute), "Permute")]
[JsonDerivedType(typeof(Reshape), "Reshape")]
[JsonDerivedType(typeof(ChannelShuffle), "ChannelShuffle")]
[JsonDerivedType(typeof(Multiply), "Multiply")]
[JsonDerivedType(typeof(Subtract), "Subtract")]
[JsonDerivedType(typeof(Divide), "Divide")]
[JsonDerivedType(typeof(Power), "Power")]
[JsonDerivedType(typeof(Minimum), "Minimum")]
[JsonDerivedType(typeof(Maximum), "Maximum")]
[JsonDerivedType(typeof(Compare), "Compare")]
[JsonDerivedType(typeof(Where), "Where")]
[JsonDerivedType(typeof(Constant), "Constant")]
[JsonDerivedType(typeof(Reduce), "Reduce")]
[JsonDerivedType(typeof(Slice), "Slice")]
[JsonDerivedType(typeof(Pad), "Pad")]
[JsonDerivedType(typeof(Gather), "Gather")]
[JsonDerivedType(typeof(Expand), "Expand")]
[JsonDerivedType(typeof(LpPool2D), "LpPool2D")]
[JsonDerivedType(typeof(Resize2D), "Resize2D")]
[JsonDerivedType(typeof(Upsample2D), "Upsample2D")]
[JsonDerivedType(typeof(RoiPool2D), "RoiPool2D")]
[JsonDerivedType(typeof(RoiAlign2D), "RoiAlign2D")]
[JsonDerivedType(typeof(MatMul), "MatMul")]
public abstract record Layer
{
    /// <summary>What the layer is called: Conv2D, MaxPool2D, ...</summary>
    [JsonIgnore]
    public string Kind => GetType().Name;

    /// <summary>The beginning of the names that are given to layers of this kind in a network: conv1, conv2...</summary>
    [JsonIgnore]
    internal abstract string NamePrefix { get; }

    /// <summary>The number of inputs that it takes at least.</summary>
    [JsonIgnore]
    internal virtual int MinimumInputs => 1;

    /// <summary>The number of inputs that it takes at most.</summary>
    [JsonIgnore]
    internal virtual int MaximumInputs => 1;

    /// <summary>The shape of its output, without the batch.</summary>
    /// <exception cref="NetworkDefinitionException">The layer cannot work on such inputs.</exception>
    internal abstract Shape InferShape(LayerContext context);

    /// <summary>Its parameters, for inputs that it can work on.</summary>
    internal virtual IReadOnlyList<LayerParameter> Parameters(IReadOnlyList<Shape> inputs) => [];

    /// <summary>Adds the operations that compute it to a graph.</summary>
    internal abstract OpValue Lower(LoweringContext context);

    /// <summary>The hyperparameters in one line, for a summary.</summary>
    public virtual string Describe() => Kind;

    /// <summary>The hyperparameters in one line.</summary>
    public sealed override string ToString() => Describe();
}
