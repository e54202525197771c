using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>Inference by the engine, as a user has it.</summary>
internal sealed class EngineInference : EngineWork
{
    private readonly InferenceModel _model;
    private readonly float[] _images;
    private readonly int _batch;
    private readonly float[] _outputs;

    public EngineInference(Network network, Weights weights, float[] images, int batch)
    {
        _model = new InferenceModel(network, weights, PeerWork.Threads);
        _images = images;
        _batch = batch;
        _outputs = new float[batch * network.OutputShape.ElementCount];
    }

    public override void Reset()
    {
    }

    public override void Run() => _model.Predict(_images, _batch, _outputs);

    public override Disagreement Compare(WorkFolder folder)
    {
        Run();
        return Disagreement.Between("the outputs", _outputs, folder.Read("output.bin"));
    }

    public override void Dispose() => _model.Dispose();
}
