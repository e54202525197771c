using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Scoring;

/// <summary>ML.NET's own transformer of ONNX models, on rows of digits.</summary>
internal static class OnnxPeer
{
    /// <summary>The column of the scores.</summary>
    public const string Output = "Scores";

    private const string Input = "input";

    /// <summary>Makes the pipeline: the pixels under the name and in the shape that the model has for them, and the model.</summary>
    /// <param name="context">ML.NET.</param>
    /// <param name="path">The model.</param>
    /// <param name="output">What the model calls its output.</param>
    /// <param name="rows">The rows.</param>
    public static ITransformer Fit(MLContext context, string path, string output, IDataView rows) => context.Transforms
        .CopyColumns(Input, nameof(DigitRow.Pixels))
        .Append(context.Transforms.ApplyOnnxModel(
            [output], [Input], path, new Dictionary<string, int[]>(StringComparer.Ordinal) { [Input] = [1, 1, 28, 28], [output] = [1, 10] },
            gpuDeviceId: null,
            fallbackToCpu: false))
        .Append(context.Transforms.CopyColumns(Output, output))
        .Fit(rows);

    /// <summary>What it predicts of a digit.</summary>
    internal sealed class Scored
    {
        /// <summary>A probability a class.</summary>
        [ColumnName(Output)]
        public float[] Score { get; set; } = [];
    }
}
