using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>What a network gives for the present row: computed once, however often it is asked for. One thread uses it.</summary>
internal abstract class NetworkOutputs
{
    /// <summary>The outputs of the present row, valid until the cursor moves.</summary>
    /// <exception cref="InvalidDataException">The row has no such pixels, or the outputs are no numbers to go on with.</exception>
    public abstract ReadOnlySpan<float> Values { get; }

    /// <summary>The outputs of the present row as a column has them.</summary>
    /// <exception cref="InvalidDataException">The row has no such pixels, or the outputs are no numbers to go on with.</exception>
    public void Get(ref VBuffer<float> values)
    {
        ReadOnlySpan<float> present = Values;
        VBufferEditor<float> editor = VBufferEditor.Create(ref values, present.Length);
        present.CopyTo(editor.Values);
        values = editor.Commit();
    }
}

/// <summary>What is wrong with the outputs of a row, without a full stop; null for nothing.</summary>
internal delegate string? OutputFault(ReadOnlySpan<float> outputs);
