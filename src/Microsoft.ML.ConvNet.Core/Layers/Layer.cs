using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// A layer's hyperparameters: an immutable value that says what shape it gives, what parameters it has and which operations compute
/// it. It holds no weights. Every layer has its row in the table of the kinds of layers, <c>Networks/LayerKinds.cs</c>; each public
/// property that can be set is a hyperparameter, which model files hold.
/// </summary>
public abstract record Layer
{
    /// <summary>What the layer is called: Conv2D, MaxPool2D, ...</summary>
    public string Kind => GetType().Name;

    /// <summary>The beginning of the names that are given to layers of this kind in a network: conv1, conv2...</summary>
    internal abstract string NamePrefix { get; }

    /// <summary>The number of inputs that it takes at least.</summary>
    internal virtual int MinimumInputs => 1;

    /// <summary>The number of inputs that it takes at most.</summary>
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
