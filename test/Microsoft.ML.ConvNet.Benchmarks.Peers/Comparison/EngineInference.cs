using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>Inference by the engine, as a user has it.</summary>
internal sealed class EngineInference(Network network, Weights weights, float[] images, int batch) : Side
{
    private readonly InferenceModel _model = new(network, weights, Work.Threads);
    private readonly float[] _outputs = new float[batch * network.OutputShape.ElementCount];

    public override string Name => "ours";

    public override void Run() => _model.Predict(images, batch, _outputs);

    public override IReadOnlyList<(string Name, float[] Numbers)> Results()
    {
        Run();
        return [("the outputs", _outputs)];
    }

    public override void Dispose() => _model.Dispose();
}
