using System.Globalization;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>Training steps of the engine, as its training loop makes them, the batch's copy into the plan included.</summary>
internal sealed unsafe class EngineTraining : EngineWork
{
    // A step is small beside the weights, so that equal weights say little of it: steps are compared, too. They cannot agree to 1e-3 in
    // a deep network: an element that is zero but for rounding falls on either side of the rectifier, and takes its gradient with it.
    // For ResNet-18, PyTorch's own steps in float and in double differ by up to 0.006.
    private const double StepTolerance = 0.03;

    private readonly Network _network;
    private readonly Weights _start;
    private readonly Weights _weights;
    private readonly float[] _images;
    private readonly int[] _labels;
    private readonly TrainingStep _step;
    private readonly TrainingSession _session;

    public EngineTraining(Network network, Weights weights, float[] images, int[] labels)
    {
        _network = network;
        _start = weights;
        _weights = weights.Clone();
        _images = images;
        _labels = labels;
        TrainingOptions options = new()
        {
            Optimizer = new Sgd { LearningRate = PeerWork.LearningRate, Momentum = PeerWork.Momentum },
            NumberOfThreads = PeerWork.Threads,
            Seed = 1,
        };
        _step = new TrainingStep(network, _weights, options, labels.Length);
        _session = _step.Session;
    }

    public override void Reset()
    {
        _weights.CopyFrom(_start);
        _step.Restart();
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
        _step.Update(PeerWork.LearningRate);
    }

    public override Disagreement Compare(WorkFolder folder)
    {
        Reset();
        Run();
        float loss = 0;
        for (int i = 0; i < _labels.Length; i++)
        {
            loss += _session.Losses[i] / _labels.Length;
        }

        Disagreement largest = Disagreement.Between("the loss", [loss], folder.Read("loss.bin"));
        ReadOnlySpan<float> updated = folder.Read("updated.bin");
        foreach (NetworkParameter parameter in _network.Parameters)
        {
            ReadOnlySpan<float> ours = _weights[parameter.Name].Span;
            ReadOnlySpan<float> peers = updated[..ours.Length];
            updated = updated[ours.Length..];
            largest = Disagreement.Larger(largest, Disagreement.Between(parameter.Name, ours, peers));
            double step = StepError(ours, peers, _start[parameter.Name].Span);
            if (!(step <= StepTolerance))
            {
                throw new PeerException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the steps of {parameter.Name} differ by {step:G2} of their length, more than {StepTolerance}"));
            }
        }

        return largest;
    }

    public override void Dispose()
    {
        _step.Dispose();
        _weights.Dispose();
    }

    /// <summary>The distance between the two sides' steps from the starting weights, relative to the peer's (Euclidean norms).</summary>
    private static double StepError(ReadOnlySpan<float> ours, ReadOnlySpan<float> peers, ReadOnlySpan<float> start)
    {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            double apart = (double)ours[i] - peers[i];
            double step = (double)peers[i] - start[i];
            difference += apart * apart;
            length += step * step;
        }

        return difference == 0 ? 0 : Math.Sqrt(difference / length);
    }
}
