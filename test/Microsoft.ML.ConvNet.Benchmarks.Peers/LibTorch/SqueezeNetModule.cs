using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>SqueezeNet 1.0 and 1.1 (Iandola et al., 2016), with the names and the layers of torchvision's.</summary>
internal sealed class SqueezeNetModule : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _features;
    private readonly Module<Tensor, Tensor> _classifier;

    private SqueezeNetModule(Module<Tensor, Tensor>[] features, int classes)
        : base(nameof(SqueezeNetModule))
    {
        _features = Sequential(features);
        _classifier = Sequential(Dropout(0.5), Conv2d(512, classes, 1), ReLU(inplace: true), AdaptiveAvgPool2d(1), Flatten());
        register_module("features", _features);
        register_module("classifier", _classifier);
    }

    /// <summary>The paper's network.</summary>
    public static SqueezeNetModule Create10(int classes) => new(
        [
            Conv2d(3, 96, 7, stride: 2), ReLU(inplace: true), Pool(),
            new Fire(96, 16, 64), new Fire(128, 16, 64), new Fire(128, 32, 128), Pool(),
            new Fire(256, 32, 128), new Fire(256, 48, 192), new Fire(384, 48, 192), new Fire(384, 64, 256), Pool(),
            new Fire(512, 64, 256),
        ],
        classes);

    /// <summary>Its authors' second version.</summary>
    public static SqueezeNetModule Create11(int classes) => new(
        [
            Conv2d(3, 64, 3, stride: 2), ReLU(inplace: true), Pool(),
            new Fire(64, 16, 64), new Fire(128, 16, 64), Pool(),
            new Fire(128, 32, 128), new Fire(256, 32, 128), Pool(),
            new Fire(256, 48, 192), new Fire(384, 48, 192), new Fire(384, 64, 256), new Fire(512, 64, 256),
        ],
        classes);

    public override Tensor forward(Tensor input)
    {
        using Tensor features = _features.call(input);
        return _classifier.call(features);
    }

    private static Module<Tensor, Tensor> Pool() => MaxPool2d(3, stride: 2, ceil_mode: true);

    /// <summary>A convolution of 1x1, and two beside each other behind it.</summary>
    private sealed class Fire : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _squeeze;
        private readonly Module<Tensor, Tensor> _expand1x1;
        private readonly Module<Tensor, Tensor> _expand3x3;

        public Fire(int channels, int squeeze, int expand)
            : base(nameof(Fire))
        {
            _squeeze = Conv2d(channels, squeeze, 1);
            _expand1x1 = Conv2d(squeeze, expand, 1);
            _expand3x3 = Conv2d(squeeze, expand, 3, padding: 1);
            register_module("squeeze", _squeeze);
            register_module("expand1x1", _expand1x1);
            register_module("expand3x3", _expand3x3);
        }

        public override Tensor forward(Tensor input)
        {
            using Tensor squeezed = _squeeze.call(input).relu_();
            using Tensor expanded1x1 = _expand1x1.call(squeezed).relu_();
            using Tensor expanded3x3 = _expand3x3.call(squeezed).relu_();
            return cat([expanded1x1, expanded3x3], 1);
        }
    }
}
