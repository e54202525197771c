using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Conformance;

/// <summary>A test case of ONNX: a model, and what it computes.</summary>
/// <param name="Group">The folder of its group: node or pytorch-converted.</param>
/// <param name="Name">Its own folder.</param>
/// <param name="Path">Where it is.</param>
internal sealed record ConformanceCase(string Group, string Name, string Path)
{
    private const double RelativeTolerance = 1e-3;
    private const double AbsoluteTolerance = 1e-5;

    /// <summary>The cases of a folder, by name.</summary>
    public static IReadOnlyList<ConformanceCase> All(string onnxFolder) =>
    [
        .. new[] { "node", "pytorch-converted" }.SelectMany(group => Directory.GetDirectories(System.IO.Path.Combine(onnxFolder, group))
            .Order(StringComparer.Ordinal)
            .Select(path => new ConformanceCase(group, System.IO.Path.GetFileName(path), path))),
    ];

    /// <summary>Its group and name.</summary>
    public string FullName => $"{Group}/{Name}";

    /// <summary>Runs the case.</summary>
    /// <returns>Why it does not pass; null where it does.</returns>
    public string? Failure()
    {
        try
        {
            OnnxModel model = OnnxModel.Load(System.IO.Path.Combine(Path, "model.onnx"));
            foreach (string data in Directory.GetDirectories(Path, "test_data_set_*").Order(StringComparer.Ordinal))
            {
                IReadOnlyList<OnnxComparison> comparisons = OnnxVerification.Run(model, data, RelativeTolerance, AbsoluteTolerance);
                if (comparisons.Count != model.Outputs.Count)
                {
                    return $"{comparisons.Count} of {model.Outputs.Count} outputs compared";
                }

                if (comparisons.FirstOrDefault(comparison => !comparison.IsWithinTolerance) is { } wrong)
                {
                    return wrong.ToString();
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is OnnxImportException or ModelFormatException)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }
}
