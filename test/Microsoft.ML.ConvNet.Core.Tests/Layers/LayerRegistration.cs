using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>How a kind of layer joins the contract: its oracle, layers to try on inputs, and layers that must be refused.</summary>
/// <param name="LayerType">The kind of layer.</param>
/// <param name="OracleOf">Makes the oracle of such a layer.</param>
/// <param name="Cases">Layers with the shapes of their inputs, joined by +.</param>
/// <param name="Refused">Layers that such inputs do not allow.</param>
internal sealed record LayerRegistration(
    Type LayerType,
    Func<Layer, LayerOracle> OracleOf,
    IReadOnlyList<(string Inputs, Layer Layer)> Cases,
    IReadOnlyList<(string Inputs, Layer Layer)> Refused)
{
    /// <summary>What is done to the network's input before it comes to the layer: for functions that are not defined everywhere.</summary>
    public Func<SymbolicTensor, SymbolicTensor> Before { get; init; } = input => input;

    /// <summary>The shapes written in a case.</summary>
    public static Shape[] ShapesOf(string inputs) => [.. inputs.Split('+').Select(Shape.Parse)];

    /// <summary>What is done to every input before the layer reads it, where not every number will do; null for nothing.</summary>
    public Func<SymbolicTensor, SymbolicTensor>? Conditioning { get; init; }

    /// <summary>What gives the inputs behind the first one, from that one and a shape, where products of the first will not do; null where they will.</summary>
    public Func<SymbolicTensor, Shape, SymbolicTensor>? Other { get; init; }

    /// <summary>
    /// A network that ends in the layer. The first input is the network's own; the others come from it by 1x1 convolutions, or dense layers.
    /// A layer without inputs is joined to the network's own, so that there is something to read.
    /// </summary>
    public static Network NetworkOf(string inputs, Layer layer, Func<SymbolicTensor, SymbolicTensor>? before = null)
    {
        Shape[] shapes = ShapesOf(inputs);
        SymbolicTensor first = Network.Input(shapes[0]);
        first = before?.Invoke(first) ?? first;
        if (layer.MaximumInputs == 0)
        {
            return first.Flatten().Concat(first.Begin(layer).Flatten());
        }

        LayerRegistration registration = LayerRegistrations.All.Single(registration => registration.LayerType == layer.GetType());
        Func<SymbolicTensor, Shape, SymbolicTensor> derive = registration.Other ?? Derive;
        SymbolicTensor[] all = [first, .. shapes.Skip(1).Select(shape => derive(first, shape))];
        Func<SymbolicTensor, SymbolicTensor> condition = registration.Conditioning ?? (tensor => tensor);
        all = [.. all.Select(condition)];
        return all[0].Apply(layer, all[1..]);
    }

    private static SymbolicTensor Derive(SymbolicTensor first, Shape shape)
    {
        if (shape.IsImage && first.Shape.IsImage && shape.Height == first.Shape.Height && shape.Width == first.Shape.Width)
        {
            return first.Conv(shape.Channels, 1);
        }

        SymbolicTensor vector = (first.Shape.Rank == 1 ? first : first.Flatten()).Dense(shape.ElementCount);
        return shape.Rank == 1 ? vector : vector.Reshape(shape);
    }
}
