using Google.Protobuf;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>ONNX Runtime as a reader of exported models: what it computes from them is compared with what the engine does.</summary>
internal static class OnnxRuntimePeer
{
    /// <summary>
    /// Exports a network with random weights, has ONNX Runtime open the model and score random input, and compares with the engine's scores.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Samples at a time; a model of one sample gets one.</param>
    /// <param name="relativeTolerance">How far scores may be apart, relative to the engine's.</param>
    /// <param name="absoluteTolerance">And how far beside that.</param>
    /// <param name="scores">The engine's scores.</param>
    /// <param name="options">How it is exported; the scores are those of the network without what is done to its input before.</param>
    /// <returns>What is wrong; null where the two agree.</returns>
    public static string? FindDisagreement(
        Network network, int batch, double relativeTolerance, double absoluteTolerance, out OnnxTensor scores,
        OnnxExportOptions? options = null)
    {
        using MemoryStream model = new();
        using Weights weights = ExportedNetworks.RandomWeights(network);
        OnnxExport.Save(network, weights, model, options);
        model.Position = 0;
        OnnxModel exported = OnnxModel.Load(model);
        int samples = exported.Inputs[0].Dimensions![0] ?? batch;
        float[] input = ExportedNetworks.RandomNumbers(samples * network.InputShape.ElementCount, 11);
        OnnxTensor given = ExportedNetworks.ToOnnx(exported.Inputs[0], network.InputShape, input, samples);
        float[] taken = [.. input.Select((pixel, i) => Normalised(pixel, i % network.InputShape.Channels, options))];
        scores = ExportedNetworks.Score(network, weights, taken, samples, exported.Outputs[0]);
        try
        {
            OnnxComparison comparison = OnnxComparison.Of(Score(model.ToArray(), given), scores, relativeTolerance, absoluteTolerance);
            return comparison.IsWithinTolerance ? null : comparison.ToString();
        }
        catch (OnnxRuntimeException exception)
        {
            return exception.Message.ReplaceLineEndings(" ");
        }
    }

    private static float Normalised(float pixel, int channel, OnnxExportOptions? options)
    {
        float Of(IReadOnlyList<float>? numbers, float otherwise) => numbers is null ? otherwise : numbers[numbers.Count == 1 ? 0 : channel];
        return (pixel - Of(options?.InputOffsets, 0)) * Of(options?.InputScales, 1);
    }

    /// <summary>The first output of a model's file for its first input.</summary>
    public static OnnxTensor Score(string file, OnnxTensor given)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 2, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using InferenceSession session = new(file, options);
        return Score(session, given);
    }

    /// <summary>The first output of a model that was not written yet.</summary>
    public static OnnxTensor Score(ModelProto model, OnnxTensor given) => Score(model.ToByteArray(), given);

    /// <summary>The first output of a model for its first input.</summary>
    public static OnnxTensor Score(byte[] model, OnnxTensor given)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 2, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using InferenceSession session = new(model, options);
        return Score(session, given);
    }

    private static OnnxTensor Score(InferenceSession session, OnnxTensor given)
    {
        using RunOptions run = new();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(given.ToArray(), [.. given.Dimensions.Select(dimension => (long)dimension)]);
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            session.Run(run, [session.InputNames[0]], [input], [session.OutputNames[0]]);
        int[] dimensions = [.. outputs[0].GetTensorTypeAndShape().Shape.Select(dimension => (int)dimension)];
        return new OnnxTensor(dimensions, outputs[0].GetTensorDataAsSpan<float>().ToArray());
    }
}
