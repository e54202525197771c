using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>A value of the graph that is imported: known already, or computed by the network.</summary>
internal abstract record OnnxValue
{
    /// <summary>The dimensions as ONNX has them, the batch included.</summary>
    public abstract IReadOnlyList<int> Dimensions { get; }

    /// <summary>The type of the elements.</summary>
    public abstract OnnxElementType ElementType { get; }

    /// <summary>The same value with the type that its operator gives it; as it is where that does not say.</summary>
    public OnnxValue OfType(OnnxElementType type) => this switch
    {
        _ when type == OnnxElementType.Undefined || type == ElementType => this,
        GraphValue value => value with { Type = type },
        ConstantValue { Tensor: { IsFloatingPoint: true } tensor } => new ConstantValue(tensor.WithType(type)),
        _ => this,
    };
}

/// <summary>A value that is known: it stands in the file, was given, or follows from such values and from shapes.</summary>
/// <param name="Tensor">The value.</param>
internal sealed record ConstantValue(OnnxTensor Tensor) : OnnxValue
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Dimensions => Tensor.Dimensions;

    /// <inheritdoc/>
    public override OnnxElementType ElementType => Tensor.ElementType;
}

/// <summary>A value that the network computes.</summary>
/// <param name="Tensor">The tensor in the network; its shape may be any of the same memory.</param>
/// <param name="LogicalDimensions">The dimensions as ONNX has them.</param>
/// <param name="Layout">How the axes lie in memory.</param>
internal sealed record GraphValue(SymbolicTensor Tensor, int[] LogicalDimensions, AxisLayout Layout) : OnnxValue
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Dimensions => LogicalDimensions;

    /// <summary>The type that ONNX gives the elements; the network computes with 32-bit floats.</summary>
    public OnnxElementType Type { get; init; } = OnnxElementType.Float;

    /// <inheritdoc/>
    public override OnnxElementType ElementType => Type;

    /// <summary>The number of axes.</summary>
    public int Rank => LogicalDimensions.Length;
}
