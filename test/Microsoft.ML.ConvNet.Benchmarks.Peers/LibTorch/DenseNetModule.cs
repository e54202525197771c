using System.Globalization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>DenseNet for ImageNet (Huang et al., 2017), with the names and the layers of torchvision's.</summary>
internal sealed class DenseNetModule : Module<Tensor, Tensor>
{
    private const int BottleneckFactor = 4;

    private readonly Module<Tensor, Tensor> _features;
    private readonly Module<Tensor, Tensor> _classifier;

    /// <summary>Makes it.</summary>
    /// <param name="blocks">The number of layers of each dense block.</param>
    /// <param name="growth">The channels that each layer adds.</param>
    /// <param name="classes">The number of classes.</param>
    public DenseNetModule(int[] blocks, int growth, int classes)
        : base(nameof(DenseNetModule))
    {
        int channels = 2 * growth;
        List<(string Name, Module<Tensor, Tensor> Module)> features =
        [
            ("conv0", Conv2d(3, channels, 7, stride: 2, padding: 3, bias: false)), ("norm0", BatchNorm2d(channels)),
            ("relu0", ReLU(inplace: true)), ("pool0", MaxPool2d(3, stride: 2, padding: 1)),
        ];
        for (int i = 0; i < blocks.Length; i++)
        {
            features.Add((Numbered("denseblock", i), Sequential(
                [.. Enumerable.Range(0, blocks[i]).Select(j => (Numbered("denselayer", j), DenseLayer.Create(channels + (j * growth), growth)))])));
            channels += blocks[i] * growth;
            if (i + 1 < blocks.Length)
            {
                features.Add((Numbered("transition", i), Sequential(
                    ("norm", BatchNorm2d(channels)), ("relu", ReLU(inplace: true)),
                    ("conv", Conv2d(channels, channels / 2, 1, bias: false)), ("pool", AvgPool2d(2, stride: 2)))));
                channels /= 2;
            }
        }

        features.Add(("norm5", BatchNorm2d(channels)));
        _features = Sequential([.. features]);
        _classifier = Linear(channels, classes);
        register_module("features", _features);
        register_module("classifier", _classifier);
    }

    public override Tensor forward(Tensor input)
    {
        using Tensor features = _features.call(input).relu_();
        using Tensor means = features.mean([2, 3]);
        return _classifier.call(means);
    }

    private static string Numbered(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}{index + 1}");

    /// <summary>Convolutions of 1x1 and 3x3 behind normalisations, whose result is put behind the input.</summary>
    private sealed class DenseLayer : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _norm1;
        private readonly Module<Tensor, Tensor> _conv1;
        private readonly Module<Tensor, Tensor> _norm2;
        private readonly Module<Tensor, Tensor> _conv2;

        private DenseLayer(int channels, int growth)
            : base(nameof(DenseLayer))
        {
            _norm1 = BatchNorm2d(channels);
            _conv1 = Conv2d(channels, BottleneckFactor * growth, 1, bias: false);
            _norm2 = BatchNorm2d(BottleneckFactor * growth);
            _conv2 = Conv2d(BottleneckFactor * growth, growth, 3, padding: 1, bias: false);
            register_module("norm1", _norm1);
            register_module("conv1", _conv1);
            register_module("norm2", _norm2);
            register_module("conv2", _conv2);
        }

        public static Module<Tensor, Tensor> Create(int channels, int growth) => new DenseLayer(channels, growth);

        public override Tensor forward(Tensor input)
        {
            using Tensor normalized = _norm1.call(input).relu_();
            using Tensor narrow = _conv1.call(normalized);
            using Tensor normalizedAgain = _norm2.call(narrow).relu_();
            using Tensor added = _conv2.call(normalizedAgain);
            return cat([input, added], 1);
        }
    }
}
