using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Networks;

/// <content>Verbs on tensors as arrays: their shape, their elements, and arithmetic between them.</content>
public sealed partial class SymbolicTensor
{
    /// <inheritdoc cref="Layers.Permute"/>
    /// <param name="axes">For each dimension of the output, which one of this tensor it is, counted without the batch.</param>
    /// <exception cref="NetworkDefinitionException">They are not each axis once.</exception>
    public SymbolicTensor Permute(params ReadOnlySpan<int> axes) => Apply(new Permute(new Integers(axes)));

    /// <inheritdoc cref="Layers.Reshape"/>
    /// <param name="shape">The shape, without the batch.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">It has another number of elements.</exception>
    public SymbolicTensor Reshape(Shape shape, string? name = null) => Apply(new Reshape(shape), name);

    /// <inheritdoc cref="Layers.ChannelShuffle"/>
    /// <param name="groups">The number of groups.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">It does not divide the channels.</exception>
    public SymbolicTensor ChannelShuffle(int groups, string? name = null) => Apply(new ChannelShuffle(groups), name);

    /// <inheritdoc cref="Layers.Multiply"/>
    /// <param name="others">What this tensor is multiplied by.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or a tensor belongs to another network.</exception>
    public SymbolicTensor Multiply(params SymbolicTensor[] others) => Apply(new Multiply(), others);

    /// <inheritdoc cref="Layers.Subtract"/>
    /// <param name="other">What is subtracted from this tensor.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or the tensor belongs to another network.</exception>
    public SymbolicTensor Subtract(SymbolicTensor other, string? name = null) => Apply(new Subtract(), [other], name);

    /// <inheritdoc cref="Layers.Divide"/>
    /// <param name="other">What this tensor is divided by.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or the tensor belongs to another network.</exception>
    public SymbolicTensor Divide(SymbolicTensor other, string? name = null) => Apply(new Divide(), [other], name);

    /// <inheritdoc cref="Layers.Power"/>
    /// <param name="exponent">The exponent.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or the tensor belongs to another network.</exception>
    public SymbolicTensor Power(SymbolicTensor exponent, string? name = null) => Apply(new Power(), [exponent], name);

    /// <inheritdoc cref="Layers.Minimum"/>
    /// <param name="others">What this tensor is compared with.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or a tensor belongs to another network.</exception>
    public SymbolicTensor Minimum(params SymbolicTensor[] others) => Apply(new Minimum(), others);

    /// <inheritdoc cref="Layers.Maximum"/>
    /// <param name="others">What this tensor is compared with.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or a tensor belongs to another network.</exception>
    public SymbolicTensor Maximum(params SymbolicTensor[] others) => Apply(new Maximum(), others);

    /// <inheritdoc cref="Layers.Compare"/>
    /// <param name="comparison">Which comparison.</param>
    /// <param name="other">What this tensor is compared with.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or the tensor belongs to another network.</exception>
    public SymbolicTensor Compare(Comparison comparison, SymbolicTensor other, string? name = null) =>
        Apply(new Compare(comparison), [other], name);

    /// <inheritdoc cref="Where"/>
    /// <param name="ifTrue">The elements where this tensor, the condition, is not 0.</param>
    /// <param name="ifFalse">The elements where it is 0.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or a tensor belongs to another network.</exception>
    public SymbolicTensor Select(SymbolicTensor ifTrue, SymbolicTensor ifFalse, string? name = null) =>
        Apply(new Where(), [ifTrue, ifFalse], name);

    /// <summary>A constant of this tensor's network: the same numbers for every sample, which its weights hold under the name value.</summary>
    /// <param name="shape">The shape, without the batch.</param>
    /// <param name="isTrainable">Whether training changes the numbers.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shape has no dimension, or too many.</exception>
    public SymbolicTensor Constant(Shape shape, bool isTrainable = false, string? name = null) =>
        Begin(new Constant(shape) { IsTrainable = isTrainable }, name);

    /// <inheritdoc cref="Layers.Reduce"/>
    /// <param name="function">What is computed.</param>
    /// <param name="axes">The axes, counted without the batch; negative ones from the end.</param>
    /// <param name="keepDimensions">Whether the output keeps the dimensions, with 1 element each.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">There is no such axis.</exception>
    public SymbolicTensor Reduce(ReduceFunction function, Integers axes, bool keepDimensions = true, string? name = null) =>
        Apply(new Reduce(function, axes) { KeepDimensions = keepDimensions }, name);

    /// <summary>A part of this tensor along one axis, from a start to before an end; see <see cref="Layers.Slice"/>.</summary>
    /// <param name="axis">The axis, counted without the batch; a negative one from the end.</param>
    /// <param name="start">Where the part begins; a negative number counts from the end.</param>
    /// <param name="end">Before what it ends; a negative number counts from the end.</param>
    /// <param name="step">The step; negative ones go backwards.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">There is no such axis, or the part is empty.</exception>
    public SymbolicTensor Slice(int axis, int start, int end = int.MaxValue, int step = 1, string? name = null) =>
        Apply(new Slice([axis], [start], [end], step == 1 ? default : [step]), name);

    /// <inheritdoc cref="Layers.Slice"/>
    /// <param name="axes">The axes, counted without the batch; negative ones from the end.</param>
    /// <param name="starts">Where the part begins along each axis.</param>
    /// <param name="ends">Before what the part ends along each axis.</param>
    /// <param name="steps">The step along each axis; 1 where none are given.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">There is no such axis, or the part is empty.</exception>
    public SymbolicTensor Slice(Integers axes, Integers starts, Integers ends, Integers steps = default, string? name = null) =>
        Apply(new Slice(axes, starts, ends, steps), name);

    /// <summary>This image <c>[H, W, C]</c> with rows and columns put around it.</summary>
    /// <param name="padding">How many; the same on all sides where it is a number.</param>
    /// <param name="mode">What they hold.</param>
    /// <param name="value">The number that <see cref="PaddingMode.Constant"/> puts there.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">This is no image, or the padding is <see cref="Padding.Same"/> or negative.</exception>
    public SymbolicTensor Pad(Padding padding, PaddingMode mode = PaddingMode.Constant, float value = 0, string? name = null)
    {
        if (!Shape.IsImage || padding.IsSame)
        {
            throw new NetworkDefinitionException(
                $"Pad: puts numbers of rows and columns around an image [H, W, C]. Received: padding {padding} for {Shape}.");
        }

        return Pad([padding.Top, padding.Left, 0], [padding.Bottom, padding.Right, 0], mode, value, name);
    }

    /// <inheritdoc cref="Layers.Pad"/>
    /// <param name="before">The number of elements before each axis, outermost first, without the batch.</param>
    /// <param name="after">The number of elements after each axis.</param>
    /// <param name="mode">What they are.</param>
    /// <param name="value">The number that <see cref="PaddingMode.Constant"/> puts there.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">An amount is negative, or there are not two for each axis.</exception>
    public SymbolicTensor Pad(
        Integers before, Integers after, PaddingMode mode = PaddingMode.Constant, float value = 0, string? name = null) =>
        Apply(new Pad(before, after) { Mode = mode, Value = value }, name);

    /// <inheritdoc cref="Layers.Gather"/>
    /// <param name="axis">The axis, counted without the batch; a negative one from the end.</param>
    /// <param name="indices">The positions; negative ones from the end.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">There is no such axis or position.</exception>
    public SymbolicTensor Gather(int axis, Integers indices, string? name = null) => Apply(new Gather(axis, indices), name);

    /// <inheritdoc cref="Layers.Expand"/>
    /// <param name="shape">The shape of the output, without the batch.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit.</exception>
    public SymbolicTensor Expand(Shape shape, string? name = null) => Apply(new Expand(shape), name);

    /// <inheritdoc cref="Layers.MatMul"/>
    /// <param name="other">The second matrices.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The shapes do not fit, or the tensor belongs to another network.</exception>
    public SymbolicTensor MatMul(SymbolicTensor other, string? name = null) => Apply(new MatMul(), [other], name);

    /// <inheritdoc cref="Layers.Concat"/>
    /// <param name="axis">The axis, counted without the batch; a negative one from the end.</param>
    /// <param name="others">What is put behind this tensor, along the axis.</param>
    /// <exception cref="NetworkDefinitionException">
    /// The shapes differ in more than that axis, or a tensor belongs to another network.
    /// </exception>
    public SymbolicTensor Concat(int axis, params SymbolicTensor[] others) => Apply(new Concat { Axis = axis }, others);

    /// <summary>Adds a layer that reads nothing to this tensor's network.</summary>
    /// <param name="layer">The layer, such as <see cref="Layers.Constant"/>.</param>
    /// <param name="name">Its name; where none is given, its kind and a number.</param>
    /// <exception cref="NetworkDefinitionException">The layer reads other layers, or the name is taken.</exception>
    public SymbolicTensor Begin(Layer layer, string? name = null) => new(_builder, _builder.Add(layer, [], name));
}
