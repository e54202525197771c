using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>Where a layer stands in a network while its shape is inferred: its name, its inputs, and where remarks go.</summary>
internal sealed class LayerContext(Layer layer, string name, IReadOnlyList<Shape> inputs, bool strict)
{
    private readonly List<string> _notes = [];

    /// <summary>The shapes of the inputs, without the batch.</summary>
    public IReadOnlyList<Shape> Inputs => inputs;

    /// <summary>The shape of the first input.</summary>
    public Shape Input => inputs[0];

    /// <summary>Whether windows must tile the input evenly.</summary>
    public bool Strict => strict;

    /// <summary>Remarks for the summary.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a remark for the summary.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>An error that names the layer.</summary>
    public NetworkDefinitionException Error(string message) => new($"{layer.Kind} \"{name}\": {message}");

    /// <summary>Demands that the input be an image.</summary>
    public void RequireImage()
    {
        if (!Input.IsImage)
        {
            throw Error(Invariant($"takes an image [H, W, C]. Received: {Input} (rank {Input.Rank})."));
        }
    }

    /// <summary>Demands that the input be a sequence.</summary>
    public void RequireSequence()
    {
        if (Input.Rank != 2)
        {
            throw Error(Invariant($"takes a sequence [L, C]. Received: {Input} (rank {Input.Rank})."));
        }
    }

    /// <summary>Demands that a size be at least 1 by 1.</summary>
    public void RequirePositive(Size2D size, string what)
    {
        if (size.Height < 1 || size.Width < 1)
        {
            throw Error($"the {what} is at least 1x1. Received: {size}.");
        }
    }

    /// <summary>Demands that a number be at least 1.</summary>
    public void RequirePositive(int value, string what)
    {
        if (value < 1)
        {
            throw Error(Invariant($"{what} must be at least 1. Received: {value}."));
        }
    }
}
