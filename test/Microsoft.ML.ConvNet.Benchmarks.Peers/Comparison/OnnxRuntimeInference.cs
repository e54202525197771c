using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>
/// Inference by ONNX Runtime on the model that the engine's exporter writes: all optimisations, a batch that is known when the graph is
/// optimised, input and output bound once. Its threads spin while a run goes on and stop at its end, so that they take nothing from
/// another side's turn.
/// </summary>
internal sealed class OnnxRuntimeInference : Side
{
    private readonly SessionOptions _options = new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        IntraOpNumThreads = Work.Threads,
        InterOpNumThreads = 1,
    };

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtValue _input;
    private readonly OrtValue _output;
    private readonly OrtIoBinding _binding;
    private readonly float[] _outputs;

    public OnnxRuntimeInference(Network network, Weights weights, float[] images, int batch)
    {
        _options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        _options.AddFreeDimensionOverrideByName("N", batch);
        using MemoryStream model = new();
        OnnxExport.Save(network, weights, model);
        _session = new InferenceSession(model.ToArray(), _options);
        Shape image = network.InputShape;
        _outputs = new float[batch * network.OutputShape.ElementCount];
        _input = OrtValue.CreateTensorValueFromMemory(
            ChannelsFirst.Of(images, image), [batch, image.Channels, image.Height, image.Width]);
        _output = OrtValue.CreateTensorValueFromMemory(_outputs, [batch, network.OutputShape.ElementCount]);
        _binding = _session.CreateIoBinding();
        _binding.BindInput(_session.InputNames[0], _input);
        _binding.BindOutput(_session.OutputNames[0], _output);
    }

    public override string Name => "ONNX Runtime";

    public override void Run() => _session.RunWithBinding(_run, _binding);

    public override IReadOnlyList<(string Name, float[] Numbers)> Results()
    {
        Run();
        return [("the outputs", _outputs)];
    }

    public override void Dispose()
    {
        _binding.Dispose();
        _output.Dispose();
        _input.Dispose();
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
    }
}
