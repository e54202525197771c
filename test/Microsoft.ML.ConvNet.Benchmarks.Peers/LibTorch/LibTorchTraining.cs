using Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;
using Microsoft.ML.ConvNet.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Shape = Microsoft.ML.ConvNet.Tensors.Shape;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>Training steps of LibTorch: cross-entropy, its gradients, stochastic gradient descent with momentum.</summary>
internal sealed class LibTorchTraining : Side
{
    private readonly LibTorchForm _form;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly LibTorchWeights _weights;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private optim.Optimizer _optimizer;

    public LibTorchTraining(Network network, Weights weights, float[] images, int[] labels, LibTorchForm form)
    {
        _form = form;
        _module = LibTorchNetworks.Create(network.Name!, network.OutputShape.ElementCount);
        _module.train();
        form.Apply(_module);
        _weights = new LibTorchWeights(weights, _module);
        Shape image = network.InputShape;
        using Tensor planes = tensor(ChannelsFirst.Of(images, image), [labels.Length, image.Channels, image.Height, image.Width]);
        _images = form.Apply(planes);
        _labels = tensor([.. labels.Select(label => (long)label)]);
        _optimizer = CreateOptimizer();
    }

    public override string Name => _form.SideName;

    public override void Reset()
    {
        _weights.Reset();
        _optimizer.Dispose();
        _optimizer = CreateOptimizer();
    }

    public override void Run() => Step();

    public override IReadOnlyList<(string Name, float[] Numbers)> Results()
    {
        Reset();
        SetDropout(false);
        float loss = Step();
        SetDropout(true);
        return [("the loss", [loss]), .. _weights.Read()];
    }

    public override void Dispose()
    {
        _optimizer.Dispose();
        _weights.Dispose();
        _images.Dispose();
        _labels.Dispose();
        _module.Dispose();
    }

    private float Step()
    {
        using IDisposable step = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor loss = nn.functional.cross_entropy(_module.call(_images), _labels);
        loss.backward();
        _optimizer.step();
        return loss.item<float>();
    }

    private void SetDropout(bool isOn)
    {
        foreach (Dropout dropout in _module.modules().OfType<Dropout>())
        {
            dropout.train(isOn);
        }
    }

    private SGD CreateOptimizer() => optim.SGD(_module.parameters(), Work.LearningRate, momentum: Work.Momentum);
}
