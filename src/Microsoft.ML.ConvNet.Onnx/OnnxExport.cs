using System.Reflection;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Operators;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// Writes networks as ONNX models, which other engines load. Images become <c>[N, C, H, W]</c> there, for any N, and the rows of a dense
/// layer after a flattened image follow that order. A sequence that windows slide over is taken as <c>[N, C, L]</c>; an output that is no
/// image is given as the network has it, a sequence as <c>[N, L, C]</c>. A network that pools regions of interest becomes a model of one sample, N = 1.
/// </summary>
public static class OnnxExport
{
    /// <summary>The opset that models are written for.</summary>
    public const int OpsetVersion = 21;

    /// <summary>The version of the file format that belongs to it.</summary>
    private const int IRVersion = 10;

    /// <summary>The largest model: protobuf has no larger messages.</summary>
    private const long MaximumParameters = int.MaxValue / sizeof(float);

    /// <summary>Writes a network to a file, which is complete or not changed at all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What is done to the input before the network, and the names of the classes.</param>
    /// <exception cref="ArgumentException">The weights belong to another network, or an option does not fit it.</exception>
    /// <exception cref="NotSupportedException">ONNX has no operators for a layer, or the model is larger than its files can be.</exception>
    public static void Save(Network network, Weights weights, string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, file => Save(network, weights, file, options));
    }

    /// <summary>Writes a network to a stream.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="stream">Receives the model.</param>
    /// <param name="options">What is done to the input before the network, and the names of the classes.</param>
    /// <exception cref="ArgumentException">The weights belong to another network, or an option does not fit it.</exception>
    /// <exception cref="NotSupportedException">ONNX has no operators for a layer, or the model is larger than its files can be.</exception>
    public static void Save(Network network, Weights weights, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(stream);
        weights.RequireFit(network);
        if (network.Parameters.Sum(parameter => (long)parameter.Shape.ElementCount) > MaximumParameters)
        {
            throw new NotSupportedException(
                FormattableString.Invariant($"An ONNX file holds at most {MaximumParameters:N0} parameters. ")
                + $"Received: the network {network}.");
        }

        options ??= new OnnxExportOptions();
        RequireNames(network, options.ClassNames);
        ModelProto model = new()
        {
            IrVersion = IRVersion,
            ProducerName = "Microsoft.ML.ConvNet",
            ProducerVersion = typeof(OnnxExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>(
                )?.InformationalVersion.Split('+')[0] ?? string.Empty,
            Graph = Write(network, weights, options),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OpsetVersion });
        if (options.ClassNames is { } names)
        {
            ClassNameProperty.Write(model, names);
        }

        model.WriteTo(stream);
    }

    private static void RequireNames(Network network, IReadOnlyList<string>? names)
    {
        if (names is not null && (network.OutputShape.Rank != 1 || names.Count != network.OutputShape.ElementCount || names.Contains(null!)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{nameof(OnnxExportOptions.ClassNames)} are one name an output, {network.OutputShape}. ")
                + FormattableString.Invariant($"Received: {names.Count}{(names.Contains(null!) ? ", one of which is null" : string.Empty)}."));
        }
    }

    /// <summary>The graph of a model, whose weights are its initializers.</summary>
    internal static GraphProto Write(Network network, Weights weights, OnnxExportOptions options)
    {
        bool hasRegions = network.Nodes.Any(node => node.Layer is RoiPool2D or RoiAlign2D);
        ExportGraph graph = new(network.Name ?? "network") { IsOfOneSample = hasRegions };
        bool isSequence = network.InputShape.Rank == 2
            && network.Nodes.Any(node => node.Layer is Conv1D or MaxPool1D or AvgPool1D or GlobalAvgPool1D);
        ExportValue input = Normalised(graph, graph.AddInput(network.InputShape, network.InputShape.IsImage || isSequence), options);
        ExportValue[] values = new ExportValue[network.Nodes.Count];
        bool[] isNeeded = NeededNodes(network);
        for (int i = 0; i < values.Length; i++)
        {
            if (isNeeded[i])
            {
                NetworkNode node = network.Nodes[i];
                ExportValue[] inputs = [.. node.Inputs.Select(number => number < 0 ? input : values[number])];
                values[i] = OperatorRows.Write(new LayerExport(graph, node, inputs, weights));
            }
        }

        ExportValue output = network.OutputShape.IsImage ? graph.ChannelsFirst(values[^1]) : graph.AsIs(values[^1]);
        graph.AddOutput(output.Name == input.Name ? output with { Name = graph.Node("Identity", "output", [output.Name]) } : output);
        graph.DropUnread();
        return graph.Graph;
    }

    /// <summary>The input as the network takes it: (x - offset) scale, a channel.</summary>
    private static ExportValue Normalised(ExportGraph graph, ExportValue input, OnnxExportOptions options)
    {
        ExportValue Apply(ExportValue value, string operation, string name, IReadOnlyList<float>? numbers, float neutral)
        {
            if (numbers is null || numbers.All(number => number == neutral))
            {
                return value;
            }

            int channels = value.Shape.Channels;
            if (value.Shape.IsImage && numbers.Count == value.Shape.ElementCount && numbers.Count != channels)
            {
                (int[] sides, float[] image) = AsConstant(numbers, value);
                return value with { Name = graph.Node(operation, name, [value.Name, graph.Floats($"{name}.value", sides, image)]) };
            }

            if (numbers.Count != 1 && numbers.Count != channels)
            {
                throw new ArgumentException(
                    $"There is one number for the input's {channels} channels, or one for each. "
                    + $"Received: {numbers.Count}.", nameof(options));
            }

            int[] dimensions = numbers.Count == 1
                ? []
                : [1, channels, .. Enumerable.Repeat(1, value.Order == ExportOrder.ChannelsFirst ? value.Shape.Rank - 1 : 0)];
            return value with { Name = graph.Node(operation, name, [value.Name, graph.Floats($"{name}.value", dimensions, [.. numbers])]) };
        }

        return Apply(Apply(input, "Sub", "input_offset", options.InputOffsets, 0), "Mul", "input_scale", options.InputScales, 1);
    }

    /// <summary>A mean image in the order in which the graph has images.</summary>
    private static (int[] Dimensions, float[] Values) AsConstant(IReadOnlyList<float> image, ExportValue value)
    {
        (int height, int width, int channels) = (value.Shape.Height, value.Shape.Width, value.Shape.Channels);
        if (value.Order != ExportOrder.ChannelsFirst)
        {
            return ([1, height, width, channels], [.. image]);
        }

        float[] planes = new float[image.Count];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[((i % channels) * height * width) + (i / channels)] = image[i];
        }

        return ([1, channels, height, width], planes);
    }

    /// <summary>Which nodes the output depends on: auxiliary outputs are for training only.</summary>
    private static bool[] NeededNodes(Network network)
    {
        bool[] isNeeded = new bool[network.Nodes.Count];
        isNeeded[^1] = true;
        for (int i = isNeeded.Length - 1; i >= 0; i--)
        {
            foreach (int input in isNeeded[i] ? network.Nodes[i].Inputs.Where(input => input >= 0) : [])
            {
                isNeeded[input] = true;
            }
        }

        return isNeeded;
    }
}
