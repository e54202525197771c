using Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;
using Microsoft.ML.ConvNet.Networks;
using static TorchSharp.torch;
using Shape = Microsoft.ML.ConvNet.Tensors.Shape;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>Inference by LibTorch, in inference mode, softmax included.</summary>
internal sealed class LibTorchInference : Side
{
    private readonly LibTorchForm _form;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Tensor _images;

    public LibTorchInference(Network network, Weights weights, float[] images, int batch, LibTorchForm form)
    {
        _form = form;
        _module = LibTorchNetworks.Create(network.Name!, network.OutputShape.ElementCount);
        _module.eval();
        form.Apply(_module);
        using LibTorchWeights start = new(weights, _module);
        Shape image = network.InputShape;
        using Tensor planes = tensor(ChannelsFirst.Of(images, image), [batch, image.Channels, image.Height, image.Width]);
        _images = form.Apply(planes);
    }

    public override string Name => _form.SideName;

    public override void Run()
    {
        using IDisposable inference = inference_mode();
        using Tensor scores = Score();
    }

    public override IReadOnlyList<(string Name, float[] Numbers)> Results()
    {
        using IDisposable inference = inference_mode();
        using Tensor scores = Score();
        return [("the outputs", scores.data<float>().ToArray())];
    }

    public override void Dispose()
    {
        _images.Dispose();
        _module.Dispose();
    }

    private Tensor Score()
    {
        using Tensor logits = _module.call(_images);
        return nn.functional.softmax(logits, 1);
    }
}
