using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>Training steps of the engine, as its training loop makes them, the batch's copy into the plan included.</summary>
internal sealed unsafe class EngineTraining : Side
{
    private readonly Network _network;
    private readonly Weights _start;
    private readonly Weights _weights;
    private readonly float[] _images;
    private readonly int[] _labels;
    private readonly TrainingState _state;
    private readonly SingleStep _step;
    private readonly TrainingSession _session;

    public EngineTraining(Network network, Weights weights, float[] images, int[] labels)
    {
        _network = network;
        _start = weights;
        _weights = new Weights(network);
        _images = images;
        _labels = labels;
        CopyStart();
        TrainingOptions options = new()
        {
            Optimizer = new Sgd { LearningRate = Work.LearningRate, Momentum = Work.Momentum },
            NumberOfThreads = Work.Threads,
            Seed = 1,
        };
        _state = new TrainingState(_weights, options);
        _step = new SingleStep(_state, options, labels.Length);
        _session = _step.Session;
    }

    public override string Name => "ours";

    public override void Reset()
    {
        CopyStart();
        _state.OptimizerState.Clear();
    }

    public override void Run()
    {
        _images.CopyTo(new Span<float>(_session.Inputs, _images.Length));
        for (int i = 0; i < _labels.Length; i++)
        {
            _session.SampleIds[i] = (uint)i;
            _session.TargetClasses[i] = _labels[i];
        }

        _session.Step(_labels.Length, epoch: 0);
        _step.Update(Work.LearningRate);
    }

    public override IReadOnlyList<(string Name, float[] Numbers)> Results()
    {
        if (_network.Nodes.Any(node => node.Layer is Dropout))
        {
            using EngineTraining withoutDropout = new(WithoutDropout(_network), _start, _images, _labels);
            return withoutDropout.Results();
        }

        Reset();
        Run();
        float loss = 0;
        for (int i = 0; i < _labels.Length; i++)
        {
            loss += _session.Losses[i] / _labels.Length;
        }

        return [("the loss", [loss]), .. _weights.Names.Select(name => (name, _weights[name].Span.ToArray()))];
    }

    public override void Dispose()
    {
        _step.Dispose();
        ((IDisposable)_state).Dispose();
    }

    /// <summary>The network with the same parameters and no dropout.</summary>
    private static Network WithoutDropout(Network network)
    {
        SymbolicTensor input = Network.Input(network.InputShape);
        List<SymbolicTensor> values = [];
        foreach (NetworkNode node in network.Nodes)
        {
            SymbolicTensor[] inputs = [.. node.Inputs.Select(number => number < 0 ? input : values[number])];
            values.Add(node.Layer is Dropout ? inputs[0] : inputs[0].Apply(node.Layer, inputs[1..], node.Name));
        }

        return values[^1].ToNetwork(network.Name);
    }

    private void CopyStart()
    {
        foreach (string name in _weights.Names)
        {
            _start[name].Span.CopyTo(_weights[name].Span);
        }
    }
}
