using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>
/// A convolutional network as a value: layers and how they are wired, with all shapes known and checked. It holds no weights and no
/// state of a computation. Two networks are equal when their inputs, layers, names and wiring are.
/// </summary>
/// <example>
/// <code>
/// Network network = Network.Input(28, 28, 1)
///     .Conv(32, 3, padding: 1).Relu().MaxPool(2)
///     .Flatten().Dense(10).Softmax();
/// </code>
/// </example>
public sealed partial class Network : IEquatable<Network>
{
    internal Network(
        Shape inputShape, IReadOnlyList<NetworkNode> nodes, string? name, bool strict, IReadOnlyList<AuxiliaryOutput> auxiliaryOutputs)
    {
        InputShape = inputShape;
        Nodes = nodes;
        Name = name;
        IsStrict = strict;
        AuxiliaryOutputs = auxiliaryOutputs;
        List<NetworkParameter> parameters = [];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (LayerParameter parameter in nodes[i].Layer.Parameters(InputShapesOf(i)))
            {
                parameters.Add(new NetworkParameter($"{nodes[i].Name}.{parameter.Name}", i, parameter));
            }
        }

        Parameters = parameters;
    }

    /// <summary>What the network is called, such as the name of its architecture; not part of its value.</summary>
    public string? Name { get; }

    /// <summary>The shape of the input without the batch: <c>[H, W, C]</c> or <c>[F]</c>.</summary>
    public Shape InputShape { get; }

    /// <summary>The layers, each after those whose outputs it reads; the last one gives the network's output.</summary>
    public IReadOnlyList<NetworkNode> Nodes { get; }

    /// <summary>
    /// Further outputs, whose losses training adds to that of the network's own; scoring leaves out what only they need.
    /// </summary>
    public IReadOnlyList<AuxiliaryOutput> AuxiliaryOutputs { get; }

    /// <summary>The shape of the output without the batch.</summary>
    public Shape OutputShape => Nodes[^1].OutputShape;

    /// <summary>Whether it was built so that every window must tile its input evenly.</summary>
    public bool IsStrict { get; }

    /// <summary>Every parameter, in the order of the layers.</summary>
    public IReadOnlyList<NetworkParameter> Parameters { get; }

    /// <summary>The number of weights and biases that training can change.</summary>
    public long ParameterCount => Parameters.Where(parameter => parameter.Definition.IsTrainable).Sum(parameter => (long)parameter.Shape.ElementCount);

    /// <summary>Begins a network whose input is images of the given height, width and number of channels.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Values a pixel: 1 for grey, 3 for colour.</param>
    /// <param name="strict">Whether a window that does not tile its input evenly is an error; else the border is dropped and noted.</param>
    /// <exception cref="ArgumentException">A dimension is smaller than 1.</exception>
    public static SymbolicTensor Input(int height, int width, int channels, bool strict = false) =>
        Input(new Shape(height, width, channels), strict);

    /// <summary>Begins a network whose input has the given shape, without the batch.</summary>
    public static SymbolicTensor Input(Shape shape, bool strict = false)
    {
        if (shape.Rank == 0)
        {
            throw new ArgumentException("A network's input has at least one dimension. Received: none.", nameof(shape));
        }

        return new SymbolicTensor(new NetworkBuilder(shape, strict), -1);
    }

    /// <summary>Whether the two networks are equal.</summary>
    public static bool operator ==(Network? left, Network? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the two networks differ.</summary>
    public static bool operator !=(Network? left, Network? right) => !(left == right);

    /// <summary>The same network under a name.</summary>
    public Network Named(string name) => new(InputShape, Nodes, name, IsStrict, AuxiliaryOutputs);

    /// <summary>The shapes that a node reads.</summary>
    public IReadOnlyList<Shape> InputShapesOf(int node)
    {
        IReadOnlyList<int> inputs = Nodes[node].Inputs;
        Shape[] shapes = new Shape[inputs.Count];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = inputs[i] < 0 ? InputShape : Nodes[inputs[i]].OutputShape;
        }

        return shapes;
    }

    /// <summary>
    /// A table of the layers: output shape, parameters, memory of the activations and multiply-adds of one sample, and their totals.
    /// </summary>
    public NetworkSummary Summary() => new(this);

    /// <inheritdoc/>
    public bool Equals(Network? other) =>
        other is not null && InputShape == other.InputShape && IsStrict == other.IsStrict && Nodes.SequenceEqual(other.Nodes)
        && AuxiliaryOutputs.SequenceEqual(other.AuxiliaryOutputs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Network);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InputShape, Nodes.Count, Nodes[^1]);

    /// <summary>The network in one line.</summary>
    public override string ToString() =>
        Invariant($"{Name ?? "Network"}: {InputShape} to {OutputShape}, {Nodes.Count} layers, {ParameterCount:N0} parameters");
}
