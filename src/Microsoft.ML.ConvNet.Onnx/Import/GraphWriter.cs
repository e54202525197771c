using System.Globalization;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// Writes the network while a graph is imported: layers under names of their own, what their parameters hold, and the few moves of memory
/// that axes in another order need.
/// </summary>
internal sealed partial class GraphWriter
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "input" };
    private readonly List<(string Name, ParameterValues Values)> _parameters = [];
    private readonly SymbolicTensor _input;

    /// <summary>Begins a network.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="isBatched">Whether the first axis of ONNX is the batch.</param>
    /// <param name="batch">The extent of that axis during the import.</param>
    /// <param name="keepsChannelsLast">Whether tensors of another rank than four, too, keep their second axis innermost.</param>
    /// <param name="budget">What the import may take.</param>
    public GraphWriter(SymbolicTensor input, bool isBatched, int batch, bool keepsChannelsLast, ImportBudget budget)
    {
        _input = input;
        Budget = budget;
        IsBatched = isBatched;
        Batch = batch;
        KeepsChannelsLast = keepsChannelsLast;
    }

    /// <summary>What the import may take.</summary>
    public ImportBudget Budget { get; }

    /// <summary>Whether the first axis of ONNX is the batch, which shapes of the network leave out.</summary>
    public bool IsBatched { get; }

    /// <summary>The extent of the first axis where it is the batch.</summary>
    public int Batch { get; }

    /// <summary>Whether tensors of another rank than four, too, keep their second axis innermost.</summary>
    public bool KeepsChannelsLast { get; }

    /// <summary>The first axis that samples have.</summary>
    public int FirstAxis => IsBatched ? 1 : 0;

    /// <summary>The order in which the axes of an input lie in memory: images with their channels innermost.</summary>
    public static IReadOnlyList<int> UsualOrder(int rank, int firstAxis, bool keepsChannelsLast)
    {
        bool isChannelsLast = rank == 4 || (rank > 2 && keepsChannelsLast);
        IEnumerable<int> axes = isChannelsLast ? [0, .. Enumerable.Range(2, rank - 2), 1] : Enumerable.Range(0, rank);
        return [.. axes.Where(axis => axis >= firstAxis)];
    }

    /// <summary>Applies a layer.</summary>
    /// <param name="layer">Its hyperparameters.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="name">The name that it should have.</param>
    /// <param name="parameters">What its parameters hold, by their names within the layer.</param>
    public SymbolicTensor Apply(
        Layer layer, IReadOnlyList<SymbolicTensor> inputs, string name,
        params IEnumerable<(string Name, ParameterValues Values)> parameters)
    {
        string unique = Unique(name);
        SymbolicTensor result = inputs.Count == 1 ? inputs[0].Apply(layer, unique) : inputs[0].Apply(layer, inputs.Skip(1), unique);
        Remember(unique, parameters);
        return result;
    }

    /// <summary>The same memory in another shape.</summary>
    public SymbolicTensor Shaped(SymbolicTensor tensor, IReadOnlyList<int> dimensions, string name)
    {
        Shape shape = new([.. dimensions.Count == 0 ? [1] : dimensions]);
        return tensor.Shape == shape ? tensor : Apply(new Reshape(shape), [tensor], $"{name}/reshape");
    }

    /// <summary>A value whose axes lie whole in memory, in a given order.</summary>
    /// <param name="value">The value.</param>
    /// <param name="order">The axes, outermost first; those of extent 1 may be left out.</param>
    /// <param name="name">The name of the node that needs it so.</param>
    public GraphValue Ordered(GraphValue value, IReadOnlyList<int> order, string name)
    {
        AxisLayout layout = value.Layout.Joined();
        int[] places =
        [
            .. order.SelectMany(axis => Enumerable.Range(0, layout.Factors.Count)
                .Where(place => layout.Factors[place].Axis == axis)
                .OrderBy(place => layout.Factors[place].Rank)),
        ];
        GraphValue moved = Moved(value with { Layout = layout }, places, name);
        return moved with { Layout = AxisLayout.Of(value.LogicalDimensions, order) };
    }

    /// <summary>A value whose axes lie whole, in the order that they have where they are.</summary>
    public GraphValue Whole(GraphValue value, string name) => Ordered(value, value.Layout.AxisOrder, name);

    /// <summary>A value in the row-major order of ONNX.</summary>
    public GraphValue Plain(GraphValue value, string name) =>
        Ordered(value, [.. Enumerable.Range(FirstAxis, Math.Max(value.Rank - FirstAxis, 0))], name);

    /// <summary>Puts the factors of a layout in another order: nothing where it is the same, else one permutation.</summary>
    public GraphValue Moved(GraphValue value, IReadOnlyList<int> places, string name)
    {
        AxisLayout target = value.Layout.Reordered(places);
        if (places.SequenceEqual(Enumerable.Range(0, places.Count)))
        {
            return value with { Layout = target };
        }

        // Factors that stay together move as one.
        List<(int First, int Extent)> runs = [];
        for (int i = 0; i < places.Count; i++)
        {
            int extent = value.Layout.Factors[places[i]].Extent;
            if (i > 0 && places[i] == places[i - 1] + 1)
            {
                runs[^1] = (runs[^1].First, runs[^1].Extent * extent);
            }
            else
            {
                runs.Add((places[i], extent));
            }
        }

        (int First, int Extent)[] sources = [.. runs.OrderBy(run => run.First)];
        SymbolicTensor shaped = Shaped(value.Tensor, [.. sources.Select(run => run.Extent)], name);
        int[] axes = [.. runs.Select(run => Array.IndexOf(sources, run))];
        return value with { Tensor = Apply(new Permute([.. axes]), [shaped], $"{name}/permute"), Layout = target };
    }

    /// <summary>A known tensor as a value of the network.</summary>
    /// <param name="constant">The tensor; of its first axis, where that is the batch, all samples must be equal.</param>
    /// <param name="order">The order of its axes in memory.</param>
    /// <param name="name">The name of the node that needs it.</param>
    /// <param name="isTrainable">Whether training changes it.</param>
    public GraphValue ToGraph(OnnxTensor constant, IReadOnlyList<int> order, string name, bool isTrainable = false)
    {
        int[] dimensions = [.. constant.Dimensions];
        if (IsBatched && (dimensions.Length == 0 || dimensions[0] != Batch || Batch != 1))
        {
            throw new AcrossBatchException($"{OnnxText.Quoted(name)} reads a constant of {OnnxText.Dimensions(dimensions)}.");
        }

        AxisLayout layout = AxisLayout.Of(dimensions, order);
        ParameterValues values = ParameterValues.Transposed(
            constant, dimensions, [.. order, .. Enumerable.Range(0, dimensions.Length).Except(order)]);
        return new GraphValue(Constant(values, layout.Extents, name, isTrainable), dimensions, layout) { Type = constant.ElementType };
    }

    /// <summary>Numbers as a layer of the network.</summary>
    public SymbolicTensor Constant(ParameterValues values, IReadOnlyList<int> shape, string name, bool isTrainable = false)
    {
        string unique = Unique($"{name}/constant");
        SymbolicTensor constant = _input.Constant(new Shape([.. shape]), isTrainable, unique);
        Remember(unique, [("value", values)]);
        return constant;
    }

    /// <summary>
    /// Numbers that are known as the output of a network, which depends on its input: they are added to 0, which a number compared with
    /// itself gives.
    /// </summary>
    public SymbolicTensor Known(ParameterValues values, IReadOnlyList<int> shape, string name)
    {
        if (IsBatched && Batch > 1)
        {
            throw new AcrossBatchException("The output does not depend on the input.");
        }

        SymbolicTensor flat = Shaped(_input, [_input.Shape.ElementCount], name);
        SymbolicTensor first = flat.Shape.ElementCount == 1
            ? flat
            : Apply(new Slice((int[])[0], (int[])[0], (int[])[1]), [flat], $"{name}/first");
        SymbolicTensor zero = Apply(new Compare(Comparison.Less), [first, first], $"{name}/zero");
        return Shaped(Apply(new Add(), [zero, Constant(values, [ElementCount.Of(shape)], name)], name), shape, name);
    }

    /// <summary>The network that ends in a tensor, and its weights.</summary>
    public (Network Network, Weights Weights) Finish(SymbolicTensor output, string? name)
    {
        Network network = output.ToNetwork(name is null ? null : Clean(name));
        Budget.RequireNetwork(network);
        Weights weights = new(network);
        foreach ((string parameter, ParameterValues values) in _parameters)
        {
            if (weights.TryGet(parameter, out Tensor? tensor))
            {
                values.WriteTo(tensor.Span);
            }
        }

        return (network, weights);
    }

    /// <summary>A name that no layer has yet: the given one, or that with a number.</summary>
    private string Unique(string name)
    {
        string clean = Clean(name);
        string wanted = clean.Length == 0 ? "node" : clean;
        string unique = wanted;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{i}");
        }

        return unique;
    }

    /// <summary>A name of a file without what a terminal would take for a command.</summary>
    private static string Clean(string name) => string.Concat(name.Where(character => !char.IsControl(character)));

    private void Remember(string layer, IEnumerable<(string Name, ParameterValues Values)> parameters) =>
        _parameters.AddRange(parameters.Select(parameter => ($"{layer}.{parameter.Name}", parameter.Values)));
}
