namespace Microsoft.ML.ConvNet.Running;

/// <summary>
/// The samples of a batch, which a model has read to where it computes with them: for who has them in another form than as floats one behind the other.
/// </summary>
public interface IInputSamples
{
    /// <summary>Reads a sample. Several threads may do so at once, each another one.</summary>
    /// <param name="sample">Its number in the batch, from 0.</param>
    /// <param name="values">Receives it, as long as the network's input: <c>[H, W, C]</c>. It holds other numbers before.</param>
    void Read(int sample, Span<float> values);
}
