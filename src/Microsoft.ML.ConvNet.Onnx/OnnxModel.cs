using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Onnx.Operators;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// An ONNX model as it stands in a file: a graph of operators with its weights, of one version of the operators' meaning (the opset). It is
/// read and checked here; <see cref="Import"/> turns it into a network.
/// </summary>
/// <example>
/// <code>
/// using OnnxNetwork imported = OnnxModel.Load("squeezenet.onnx").Import();
/// using InferenceModel model = new(imported.Network, imported.Weights);
/// </code>
/// </example>
public sealed class OnnxModel
{
    private readonly ModelProto _model;
    private readonly Dictionary<string, OnnxTensor> _initializers;

    private OnnxModel(ModelProto model, Dictionary<string, OnnxTensor> initializers)
    {
        _model = model;
        _initializers = initializers;
        Inputs = [.. model.Graph.Input.Where(input => !initializers.ContainsKey(input.Name)).Select(ModelChecks.ValueInfo)];
        Outputs = [.. model.Graph.Output.Select(ModelChecks.ValueInfo)];
        ClassNames = ClassNameProperty.Read(model);
        Operators = [.. model.Graph.Node.Select(node => node.OpType).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        OpsetVersion = (int)model.OpsetImport.Where(opset => ModelChecks.IsDefaultDomain(opset.Domain)).Select(opset => opset.Version)
            .DefaultIfEmpty(0).Max();
    }

    /// <summary>The version of the operators of ONNX's own domain that the graph was written for; 0 where it uses none.</summary>
    public int OpsetVersion { get; }

    /// <summary>The version of the file format.</summary>
    public int IRVersion => (int)_model.IrVersion;

    /// <summary>The program that wrote the file, with its version; empty where it does not say.</summary>
    public string Producer => $"{_model.ProducerName} {_model.ProducerVersion}".Trim();

    /// <summary>The graph's name.</summary>
    public string Name => _model.Graph.Name;

    /// <summary>The inputs that have no value in the file: images, and whatever else has to be given.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    /// <summary>
    /// The names of the classes, as the file has them among its metadata (<c>metadata_props</c>) under the key <c>names</c>: a JSON list of strings, as
    /// <see cref="OnnxExportOptions.ClassNames"/> is written, or a dictionary by number, in JSON or Python, as Ultralytics' exports have it.
    /// Null where there are none, or none that can be read.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The kinds of operators in the graph, in alphabetical order.</summary>
    public IReadOnlyList<string> Operators { get; }

    /// <summary>The number of nodes of the graph.</summary>
    public int NodeCount => _model.Graph.Node.Count;

    /// <summary>The graph.</summary>
    internal GraphProto Graph => _model.Graph;

    /// <summary>The tensors that stand in the file, by name.</summary>
    internal IReadOnlyDictionary<string, OnnxTensor> Initializers => _initializers;

    /// <summary>The bytes that the model takes in its files.</summary>
    internal long FileBytes =>
        _model.Graph.Initializer.Sum(tensor => (long)tensor.CalculateSize()) + _model.Graph.Node.Sum(node => (long)node.CalculateSize());

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">
    /// The file; its weights stand inside, or in files in its folder or beneath it, which are read. A link is followed where it stays there;
    /// where the model's file is a link itself, as in a cache of downloads, its weights may also lead to where that one leads.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no ONNX model, is damaged, or its weights are not there.</exception>
    public static OnnxModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelProto model = ProtobufFile.Read(path, ModelProto.Parser, "model");
        ExternalData.Read(model, path);
        return Checked(model);
    }

    /// <summary>Reads a model from a stream, to its end.</summary>
    /// <exception cref="ModelFormatException">The stream holds no ONNX model, a damaged one, or one with weights in files.</exception>
    public static OnnxModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Checked(ProtobufFile.Read(stream, ModelProto.Parser, "model"));
    }

    /// <summary>Turns the graph into a network with its weights.</summary>
    /// <param name="options">Which output, and values for further inputs.</param>
    /// <exception cref="OnnxImportException">
    /// An operator is not supported, or used in a way that is not; the message names the operator and its node.
    /// </exception>
    /// <exception cref="ModelFormatException">The graph contradicts itself.</exception>
    public OnnxNetwork Import(OnnxImportOptions? options = null)
    {
        OnnxNetwork network = GraphImport.Run(this, options ?? new OnnxImportOptions(), OperatorRows.Readable);
        bool isNamed = network.Network.OutputShape.Rank == 1 && ClassNames?.Count == network.Network.OutputShape.ElementCount;
        network.ClassNames = isNamed ? DistinctNames.Of(ClassNames!) : null;
        return network;
    }

    /// <summary>The name, the opset and the producer.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{OnnxText.Escaped(Name)}: opset {OpsetVersion}, {NodeCount} nodes, by ")
        + (Producer.Length > 0 ? OnnxText.Escaped(Producer) : "an unnamed program");

    private static OnnxModel Checked(ModelProto model)
    {
        ModelChecks.RequireUsable(model);
        Dictionary<string, OnnxTensor> initializers = new(StringComparer.Ordinal);
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            if (tensor.Name.Length == 0 || !initializers.TryAdd(tensor.Name, TensorReader.Read(tensor, tensor.Name)))
            {
                throw new ModelFormatException(
                    $"The initializers of an ONNX graph have names, each another. Received: {OnnxText.Quoted(tensor.Name)} "
                    + $"{(tensor.Name.Length == 0 ? "for one" : "twice")}.");
            }
        }

        foreach (OnnxValueInfo declared in model.Graph.Input.Concat(model.Graph.ValueInfo)
            .Where(value => initializers.ContainsKey(value.Name)).Select(ModelChecks.ValueInfo))
        {
            // Tools that change graphs leave entries behind that name a value and say nothing of its type.
            if (declared.ElementType != OnnxElementType.Undefined
                && (declared.ElementType != initializers[declared.Name].ElementType || !declared.Takes(initializers[declared.Name])))
            {
                throw new ModelFormatException(
                    $"An initializer is as the graph declares it, {declared}. Received: {initializers[declared.Name]}.");
            }
        }

        return new OnnxModel(model, initializers);
    }
}
