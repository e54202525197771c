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
    /// <summary>The name, the type and the dimensions.</summary>
    public override string ToString() =>
        $"{OnnxText.Quoted(Name)}: {ElementType}{(Dimensions is null ? string.Empty : $" {OnnxText.Dimensions(Dimensions)}")}";
}
