using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// Compares what an imported model computes with what it should: a folder holds <c>input_0.pb</c>, ..., <c>output_0.pb</c>, ..., each a
/// tensor, as the test cases of ONNX do.
/// </summary>
public static class OnnxVerification
{
    /// <summary>Imports a model for each of its outputs and compares them with a folder's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="relativeTolerance">How far a number may be off, as a share of what it should be.</param>
    /// <param name="absoluteTolerance">How far it may be off beyond that.</param>
    /// <param name="limits">
    /// What an import may take, by the limits of these options; their output, dimensions and values follow from the folder. The usual limits where
    /// not given.
    /// </param>
    /// <returns>One comparison for each output that the folder has.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ModelFormatException">A file is damaged, or there is none for an input or for any output.</exception>
    /// <exception cref="OnnxImportException">The model cannot be imported.</exception>
    public static IReadOnlyList<OnnxComparison> Run(
        OnnxModel model,
        string folder,
        double relativeTolerance = 1e-3,
        double absoluteTolerance = 1e-5,
        OnnxImportOptions? limits = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder {OnnxText.Quoted(folder)}.");
        }

        Dictionary<string, OnnxTensor> inputs = Inputs(model, folder);
        OnnxValueInfo? first = model.Inputs.FirstOrDefault(input => input.ElementType is OnnxElementType.Float or OnnxElementType.Float16);
        List<OnnxComparison> comparisons = [];
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            string path = Path.Combine(folder, FormattableString.Invariant($"output_{i}.pb"));
            if (File.Exists(path))
            {
                OnnxTensor computed = Compute(model, model.Outputs[i], inputs, first, limits ?? new OnnxImportOptions());
                comparisons.Add(OnnxComparison.Of(computed, OnnxTensor.Load(path), relativeTolerance, absoluteTolerance));
            }
        }

        return comparisons.Count > 0
            ? comparisons
            : throw new ModelFormatException($"The folder {OnnxText.Quoted(folder)} holds output_0.pb or others. Received: none.");
    }

    private static OnnxTensor Compute(
        OnnxModel model, OnnxValueInfo output, Dictionary<string, OnnxTensor> inputs, OnnxValueInfo? first, OnnxImportOptions limits)
    {
        IReadOnlyList<int>? dimensions = first is null ? null : inputs[first.Name].Dimensions;
        OnnxImportOptions options = new()
        {
            OutputName = output.Name,
            InputDimensions = dimensions,
            MaximumWeightBytes = limits.MaximumWeightBytes,
            Limits = limits.Limits,
            MaximumFoldedBytes = limits.MaximumFoldedBytes,
            MaximumFoldedMultiplyAdds = limits.MaximumFoldedMultiplyAdds,
        };
        foreach ((string name, OnnxTensor value) in inputs.Where(input => input.Key != first?.Name))
        {
            options.Values.Add(name, value);
        }

        using OnnxNetwork network = model.Import(options);
        return network.Run(first is null ? null : inputs[first.Name]);
    }

    private static Dictionary<string, OnnxTensor> Inputs(OnnxModel model, string folder)
    {
        Dictionary<string, OnnxTensor> inputs = new(StringComparer.Ordinal);
        for (int i = 0; i < model.Inputs.Count; i++)
        {
            OnnxValueInfo input = model.Inputs[i];
            string path = Path.Combine(folder, FormattableString.Invariant($"input_{i}.pb"));
            if (input.ElementType == OnnxElementType.Undefined)
            {
                throw new OnnxImportException($"The inputs of a model are tensors. Received: {input}, which is none.");
            }

            inputs.Add(
                input.Name,
                File.Exists(path)
                    ? OnnxTensor.Load(path)
                    : throw new ModelFormatException(
                        $"The folder {OnnxText.Quoted(folder)} holds a file for each input. "
                        + $"Received: no input_{i}.pb for {input}."));
        }

        return inputs;
    }
}
