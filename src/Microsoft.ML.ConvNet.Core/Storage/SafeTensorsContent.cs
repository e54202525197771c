using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>The tensors and the metadata of a safetensors file.</summary>
public sealed class SafeTensorsContent : IDisposable
{
    internal SafeTensorsContent(
        IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<string> others, IReadOnlyDictionary<string, string> metadata)
    {
        Tensors = tensors;
        Others = others;
        Metadata = metadata;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>
    /// The names of the tensors that are passed over: those without elements, of a type that cannot be read as floats, or too large.
    /// </summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>Free text by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Frees the memory of the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
