using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Networks;

/// <summary>One layer in a summary.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Layer">The hyperparameters in one line.</param>
/// <param name="OutputShape">The output's shape, without the batch.</param>
/// <param name="Parameters">The weights and biases that training can change.</param>
/// <param name="Activations">The numbers of the output of one sample.</param>
/// <param name="MultiplyAdds">Multiplications with addition for one sample, in convolutions and products.</param>
/// <param name="Notes">Remarks, such as rows that no window reaches.</param>
public sealed record LayerSummary(
    string Name, string Layer, Shape OutputShape, long Parameters, long Activations, long MultiplyAdds, IReadOnlyList<string> Notes);

/// <summary>
/// What a network costs, layer by layer: parameters, memory of the activations and multiply-adds. Activations count the output of each
/// layer once, for one sample, as floats of 4 bytes.
/// </summary>
public sealed class NetworkSummary
{
    internal NetworkSummary(Network network)
    {
        Network = network;
        ILookup<int, NetworkParameter> parameters = network.Parameters.ToLookup(parameter => parameter.Node);
        Layers =
        [
            .. network.Nodes.Select((node, index) => new LayerSummary(
                node.Name,
                node.Layer.Describe(),
                node.OutputShape,
                parameters[index].Where(parameter => parameter.Definition.IsTrainable).Sum(parameter => (long)parameter.Shape.ElementCount),
                node.OutputShape.ElementCount,
                MultiplyAddsOf(network, index, parameters[index]),
                node.Notes)),
        ];
        UntrainedParameterCount =
            network.Parameters.Where(parameter => !parameter.Definition.IsTrainable).Sum(parameter => (long)parameter.Shape.ElementCount);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The layers, in order.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The weights and biases that training can change.</summary>
    public long ParameterCount => Layers.Sum(layer => layer.Parameters);

    /// <summary>Running statistics and constants: parameters that training does not change by their gradients.</summary>
    public long UntrainedParameterCount { get; }

    /// <summary>The numbers of all outputs of one sample, each layer's output counted once.</summary>
    public long ActivationCount => Layers.Sum(layer => layer.Activations);

    /// <summary>Multiplications with addition for one sample.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Bytes of the parameters.</summary>
    public long ParameterBytes => (ParameterCount + UntrainedParameterCount) * sizeof(float);

    /// <summary>Bytes of the activations of one sample.</summary>
    public long ActivationBytes => ActivationCount * sizeof(float);

    /// <summary>
    /// Bytes that training takes: parameters, their gradients and the optimizer's state, and for each sample of the batch activations
    /// and their gradients. A plan that shares memory takes less. Copies of weights and batches that a training keeps beside them are counted by
    /// <c>TrainingOptions.MemoryBytes</c>.
    /// </summary>
    /// <param name="batch">The samples of a batch.</param>
    /// <param name="optimizerStatesPerParameter">Numbers that the optimizer keeps a parameter: 0 for SGD, 1 with momentum, 2 for Adam.</param>
    public long TrainingBytes(int batch, int optimizerStatesPerParameter) =>
        ParameterBytes + (ParameterCount * sizeof(float) * (1 + optimizerStatesPerParameter)) + (2 * ActivationBytes * batch);

    /// <summary>The table as text, with totals and what they count.</summary>
    public override string ToString()
    {
        TextTable table = new(leftColumns: 3);
        table.Add("layer", "kind", "output", "parameters", "activations", "multiply-adds", string.Empty);
        table.Add("input", string.Empty, Network.InputShape.ToString(), "0", Bytes(Network.InputShape.ElementCount * 4L), "0", string.Empty);
        foreach (LayerSummary layer in Layers)
        {
            table.Add(
                layer.Name,
                layer.Layer,
                layer.OutputShape.ToString(),
                Number(layer.Parameters),
                Bytes(layer.Activations * sizeof(float)),
                Number(layer.MultiplyAdds),
                string.Join("; ", layer.Notes));
        }

        table.Add(
            "total", string.Empty, string.Empty, Number(ParameterCount), Bytes(ActivationBytes), Number(MultiplyAdds), string.Empty);
        StringBuilder text = new();
        if (Network.Name is { } name)
        {
            text.Append(name).Append('\n');
        }

        table.AppendTo(text);
        text.Append('\n');
        AppendTotals(text);
        return text.ToString();
    }

    /// <summary>The multiply-adds of the operations that a node's layer lowers to.</summary>
    private static long MultiplyAddsOf(Network network, int index, IEnumerable<NetworkParameter> parameters)
    {
        OpGraph graph = new();
        NetworkNode node = network.Nodes[index];
        IReadOnlyList<Shape> shapes = network.InputShapesOf(index);
        OpValue[] inputs = [.. shapes.Select(graph.AddInput)];
        OpValue[] weights = [.. parameters.Select((parameter, i) => graph.AddParameter(parameter.Shape, parameter.Name, i))];
        node.Layer.Lower(new LoweringContext(graph, node.Name, index, inputs, shapes, weights, node.OutputShape));
        return graph.Nodes.Sum(op => op.Op.MultiplyAdds);
    }

    private static string Number(long value) => TextTable.Number(value);

    private static string Bytes(long bytes) => TextTable.Bytes(bytes);

    private void AppendTotals(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Parameters: {Number(ParameterCount)} ({Bytes(ParameterCount * sizeof(float))})");
        if (UntrainedParameterCount > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", and {Number(UntrainedParameterCount)} running statistics and constants");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nActivations: {Number(ActivationCount)} floats ({Bytes(ActivationBytes)}) a sample, ");
        text.Append("the output of each layer counted once; with their gradients twice that\n");
        text.Append(CultureInfo.InvariantCulture, $"Multiply-adds: {Number(MultiplyAdds)} a sample, in convolutions and products\n");
        text.Append("Training memory: parameters, gradients and optimizer state ");
        text.Append(CultureInfo.InvariantCulture, $"{Bytes(TrainingBytes(0, 0))} with plain SGD, {Bytes(TrainingBytes(0, 1))} with momentum, ");
        text.Append(CultureInfo.InvariantCulture, $"{Bytes(TrainingBytes(0, 2))} with Adam; and {Bytes(2 * ActivationBytes)} a sample of the batch\n");
    }
}
