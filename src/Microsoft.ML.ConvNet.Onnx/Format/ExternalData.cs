using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>
/// Puts the data of tensors that stand in files beside a model into the model: such files are what exporters write of large weights. They
/// are in the model's folder or beneath it, and no more is read of them than they have. Links count as what they lead to: a model from a
/// stranger does not get at files elsewhere by a link that came with it. Caches of downloads make a folder of links to files in another
/// folder; where the model's own file is such a link, its data may be in that folder, too.
/// </summary>
internal static class ExternalData
{
    /// <summary>Tensors may share a file, and even a part of it; not so that a small file becomes a large model.</summary>
    private const int MostReadings = 2;

    /// <summary>Reads the data of all tensors of a model's graph.</summary>
    /// <param name="model">The model, whose tensors get their data.</param>
    /// <param name="modelPath">The model's file.</param>
    /// <exception cref="ModelFormatException">A file is missing, is elsewhere, or has not what a tensor asks for.</exception>
    public static void Read(ModelProto model, string modelPath)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        string[] allowed = [LinkPath.Resolved(folder), Path.GetDirectoryName(LinkPath.Resolved(modelPath))!];
        Dictionary<string, long> left = new(StringComparer.Ordinal);
        IEnumerable<TensorProto> constants = model.Graph?.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.T is not null)
            .Select(attribute => attribute.T) ?? [];
        foreach (TensorProto tensor in (model.Graph?.Initializer ?? []).Concat(constants)
            .Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External))
        {
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(Read(tensor, folder, allowed, left));
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
            tensor.ExternalData.Clear();
        }
    }

    private static byte[] Read(TensorProto tensor, string folder, string[] allowed, Dictionary<string, long> left)
    {
        string name = $"The tensor {OnnxText.Quoted(tensor.Name)}";
        string location = Value(tensor, "location") ?? string.Empty;
        string path = PathOf(name, location, folder, allowed);
        using FileStream file = File.OpenRead(path);
        long offset = Number(tensor, "offset", 0, name);
        long length = Number(tensor, "length", file.Length - offset, name);
        left.TryAdd(path, MostReadings * file.Length);
        ModelFormatException.Require(
            offset <= file.Length && length >= 0 && length <= file.Length - offset && length <= Array.MaxLength && length <= left[path],
            FormattableString.Invariant($"{name}: its data are within a file of {file.Length:N0} bytes, in which each stands once. ")
            + FormattableString.Invariant($"Received: {length:N0} bytes from {offset:N0} on."));
        left[path] -= length;
        byte[] bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The file of a tensor's data, without links.</summary>
    private static string PathOf(string name, string location, string folder, string[] allowed)
    {
        string? path = null;
        string? reason = location.Any(char.IsControl) ? "which has control characters." : null;
        if (reason is null)
        {
            path = Path.GetFullPath(Path.Combine(folder, location));
            reason = Path.IsPathRooted(location) || !LinkPath.IsBeneath(path, Path.GetFullPath(folder)) ? "which is elsewhere."
                : !File.Exists(path) ? "which is not there." : null;
        }

        if (reason is null)
        {
            path = Resolved(name, path!);
            reason = !allowed.Any(place => LinkPath.IsBeneath(path, place)) ? "which is a link that leads elsewhere."
                : !FileTarget.HoldsSomething(path) ? "which is empty, or no regular file." : null;
        }

        return reason is null ? path! : throw new ModelFormatException(
            $"{name}: its data stand in a file in the folder of the model. Received: {OnnxText.Quoted(location)}, {reason}");
    }

    private static string Resolved(string name, string path)
    {
        try
        {
            return LinkPath.Resolved(path);
        }
        catch (IOException exception)
        {
            throw new ModelFormatException($"{name}: {exception.Message}", exception);
        }
    }

    private static string? Value(TensorProto tensor, string key) =>
        tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static long Number(TensorProto tensor, string key, long otherwise, string name)
    {
        string? text = Value(tensor, key);
        return text is null ? otherwise
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw new ModelFormatException($"{name}: the {key} of its data is a number of bytes. Received: {OnnxText.Quoted(text)}.");
    }
}
