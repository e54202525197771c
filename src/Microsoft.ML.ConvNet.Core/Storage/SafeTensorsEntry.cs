using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>A tensor as the header of a safetensors file describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">What its numbers are stored as.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Begin">Where it begins, in bytes after the header.</param>
/// <param name="End">Where the next one begins.</param>
internal sealed record SafeTensorsEntry(string Name, SafeTensorsElementType ElementType, Shape Shape, long Begin, long End)
{
    /// <summary>The numbers in it; a shape without dimensions has one.</summary>
    public int Count => Shape.Rank == 0 ? 1 : Shape.ElementCount;
}
