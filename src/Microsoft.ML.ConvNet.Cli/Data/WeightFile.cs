using Microsoft.ML.ConvNet.Cli.Display;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>
/// The tensors of a file with which a training can begin: a model of this library, or a safetensors file with the axes of this library or of
/// PyTorch. What is taken of it has the name and the shape of one of a network's parameters.
/// </summary>
internal sealed class WeightFile : IDisposable
{
    /// <summary>What such a file is, for help texts and errors.</summary>
    public const string Kinds = "a model file, or a .safetensors file with tensors as this library or as PyTorch names and turns them";

    private readonly string _path;
    private readonly IDisposable _owner;
    private readonly IReadOnlyDictionary<string, Tensor> _tensors;
    private readonly bool _isOfPyTorch;

    private WeightFile(string path, IDisposable owner, IReadOnlyDictionary<string, Tensor> tensors, bool isOfPyTorch)
    {
        _path = path;
        _owner = owner;
        _tensors = tensors;
        _isOfPyTorch = isOfPyTorch;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network whose parameters are looked for.</param>
    /// <param name="option">The option that named the file.</param>
    /// <exception cref="CommandException">There is no such file, or one of another kind, or a damaged one.</exception>
    public static WeightFile Read(string path, Network network, string option)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(
                $"{option} names {Kinds}. Received: \"{TerminalText.Of(path)}\", which {(Directory.Exists(path) ? "is a folder" : "does not exist")}.");
        }

        if (RegularFile.FaultOf(path) is { } fault)
        {
            throw new CommandException($"{option} names {Kinds}. Received: \"{TerminalText.Of(path)}\", {fault}.");
        }

        try
        {
            return RegularFile.BeginsWith(path, "PK"u8) ? OfModel(path) : OfSafeTensors(path, network);
        }
        catch (Exception error) when (error is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option} names {Kinds}. Received: \"{TerminalText.Of(path)}\": {error.Message}", error);
        }
    }

    /// <summary>Brings what fits into weights.</summary>
    /// <returns>The names of the parameters that are the file's now.</returns>
    /// <exception cref="CommandException">A number among them is of no use.</exception>
    public IReadOnlyCollection<string> CopyTo(Weights weights)
    {
        List<string> taken = [];
        foreach (NetworkParameter parameter in weights.Network.Parameters)
        {
            if (!_tensors.TryGetValue(parameter.Name, out Tensor? tensor))
            {
                continue;
            }

            PyTorchAxes? axes = _isOfPyTorch ? PyTorchAxes.Of(weights.Network, parameter) : null;
            if (tensor.Shape == (axes?.Shape ?? parameter.Shape))
            {
                RequireUsable(parameter.Name, tensor.Span);
                Copy(tensor.Span, axes, weights[parameter.Name].Span);
                taken.Add(parameter.Name);
            }
        }

        return taken;
    }

    /// <summary>The names and shapes of the first tensors, for errors.</summary>
    public string Describe() => _tensors.Count == 0 ? "no tensors"
        : NameList.Of([.. _tensors.Select(tensor => $"{tensor.Key} of {tensor.Value.Shape}")]);

    public void Dispose() => _owner.Dispose();

    private static WeightFile OfModel(string path)
    {
        NetworkFile file = NetworkFile.Load(path);
        return new WeightFile(path, file, file.Weights.Names.ToDictionary(name => name, name => file.Weights[name]), isOfPyTorch: false);
    }

    private static WeightFile OfSafeTensors(string path, Network network)
    {
        using FileStream file = File.OpenRead(path);
        SafeTensorsContent content = SafeTensors.ReadTensors(file);
        return new WeightFile(path, content, content.Tensors, IsOfPyTorch(content, network));
    }

    /// <summary>Whether the axes are PyTorch's: by which more tensors fit, and where as many do, by what PyTorch writes into its files.</summary>
    private static bool IsOfPyTorch(SafeTensorsContent content, Network network)
    {
        int FittingIn(Func<NetworkParameter, Shape> shapeOf) => network.Parameters.Count(
            parameter => content.Tensors.TryGetValue(parameter.Name, out Tensor? tensor) && tensor.Shape == shapeOf(parameter));

        int asHere = FittingIn(parameter => parameter.Shape);
        int asInPyTorch = FittingIn(parameter => PyTorchAxes.Of(network, parameter).Shape);
        return asInPyTorch > asHere || (asInPyTorch == asHere && content.Metadata.TryGetValue("format", out string? format) && format == "pt");
    }

    private static void Copy(ReadOnlySpan<float> from, PyTorchAxes? axes, Span<float> to)
    {
        if (axes is null)
        {
            from.CopyTo(to);
        }
        else
        {
            axes.FromPyTorch(from, to);
        }
    }

    private void RequireUsable(string name, ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new CommandException(
                    $"Weights are finite numbers. Received: \"{TerminalText.Of(_path)}\", in which {TerminalText.Of(name)} holds "
                    + FormattableString.Invariant($"{value}."));
            }
        }
    }
}
