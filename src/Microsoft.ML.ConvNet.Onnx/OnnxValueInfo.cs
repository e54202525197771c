namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>What a model says of one of its inputs or outputs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">
/// The type of its elements; <see cref="OnnxElementType.Undefined"/> where it is no tensor but a sequence, a map or an optional value.
/// </param>
/// <param name="Dimensions">
/// Its dimensions, outermost first; null stands for one that is only known when the model runs. Null where even their number is not given.
/// </param>
public sealed record OnnxValueInfo(string Name, OnnxElementType ElementType, IReadOnlyList<int?>? Dimensions)
{
    /// <summary>Whether a tensor is of the type and the dimensions; floating-point numbers of any width are of one type.</summary>
    internal bool Takes(OnnxTensor tensor)
    {
        bool isFloatingPoint = ElementType is OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.BFloat16
            or OnnxElementType.Double;
        return (isFloatingPoint ? tensor.IsFloatingPoint : tensor.ElementType == ElementType)
            && (Dimensions is null || (Dimensions.Count == tensor.Dimensions.Count
                && Dimensions.Zip(tensor.Dimensions).All(pair => pair.First is null || pair.First == pair.Second)));
    }

    /// <summary>The name, the type and the dimensions.</summary>
    public override string ToString() =>
        $"{OnnxText.Quoted(Name)}: {ElementType}{(Dimensions is null ? string.Empty : $" {OnnxText.Dimensions(Dimensions)}")}";
}
