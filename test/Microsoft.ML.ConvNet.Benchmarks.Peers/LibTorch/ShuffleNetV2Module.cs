using System.Globalization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>ShuffleNet v2 (Ma et al., 2018), with the names and the layers of torchvision's.</summary>
internal sealed class ShuffleNetV2Module : Module<Tensor, Tensor>
{
    private static readonly int[] UnitsOfStage = [4, 8, 4];

    private readonly List<Module<Tensor, Tensor>> _layers = [];
    private readonly Module<Tensor, Tensor> _classifier;

    /// <summary>Makes it.</summary>
    /// <param name="channels">The channels of the first convolution, of the stages and of the last convolution.</param>
    /// <param name="classes">The number of classes.</param>
    public ShuffleNetV2Module(int[] channels, int classes)
        : base(nameof(ShuffleNetV2Module))
    {
        Add("conv1", Sequential(
            Conv2d(3, channels[0], 3, stride: 2, padding: 1, bias: false), BatchNorm2d(channels[0]), ReLU(inplace: true)));
        Add("maxpool", MaxPool2d(3, stride: 2, padding: 1));
        for (int stage = 0; stage < UnitsOfStage.Length; stage++)
        {
            int from = channels[stage];
            int to = channels[stage + 1];
            Add(
                string.Create(CultureInfo.InvariantCulture, $"stage{stage + 2}"),
                Sequential([.. Enumerable.Range(0, UnitsOfStage[stage]).Select(i => Unit.Create(i == 0 ? from : to, to, halves: i == 0))]));
        }

        Add("conv5", Sequential(
            Conv2d(channels[^2], channels[^1], 1, bias: false), BatchNorm2d(channels[^1]), ReLU(inplace: true)));
        _classifier = Linear(channels[^1], classes);
        register_module("fc", _classifier);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor features = _layers[0].call(input);
        foreach (Module<Tensor, Tensor> layer in _layers[1..])
        {
            using Tensor before = features;
            features = layer.call(before);
        }

        using Tensor last = features;
        using Tensor means = last.mean([2, 3]);
        return _classifier.call(means);
    }

    private void Add(string name, Module<Tensor, Tensor> layer)
    {
        _layers.Add(layer);
        register_module(name, layer);
    }

    /// <summary>Half of the channels, or in the first unit of a stage all, pass convolutions; then both halves are shuffled.</summary>
    private sealed class Unit : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor>? _branch1;
        private readonly Module<Tensor, Tensor> _branch2;
        private readonly Module<Tensor, Tensor> _shuffle = ChannelShuffle(2);

        private Unit(int from, int to, bool halves)
            : base(nameof(Unit))
        {
            int half = to / 2;
            int stride = halves ? 2 : 1;
            if (halves)
            {
                _branch1 = Sequential(
                    Depthwise(from, stride), BatchNorm2d(from), Pointwise(from, half), BatchNorm2d(half), ReLU(inplace: true));
                register_module("branch1", _branch1);
            }

            _branch2 = Sequential(
                Pointwise(halves ? from : half, half), BatchNorm2d(half), ReLU(inplace: true),
                Depthwise(half, stride), BatchNorm2d(half),
                Pointwise(half, half), BatchNorm2d(half), ReLU(inplace: true));
            register_module("branch2", _branch2);
        }

        public static Module<Tensor, Tensor> Create(int from, int to, bool halves) => new Unit(from, to, halves);

        public override Tensor forward(Tensor input)
        {
            if (_branch1 is not null)
            {
                using Tensor left = _branch1.call(input);
                using Tensor right = _branch2.call(input);
                return Shuffled(left, right);
            }

            Tensor[] halves = input.chunk(2, 1);
            using Tensor kept = halves[0];
            using Tensor passed = halves[1];
            using Tensor changed = _branch2.call(passed);
            return Shuffled(kept, changed);
        }

        private Tensor Shuffled(Tensor left, Tensor right)
        {
            using Tensor joined = cat([left, right], 1);
            return _shuffle.call(joined);
        }

        private static Module<Tensor, Tensor> Depthwise(int channels, int stride) =>
            Conv2d(channels, channels, 3, stride: stride, padding: 1, groups: channels, bias: false);

        private static Module<Tensor, Tensor> Pointwise(int from, int to) => Conv2d(from, to, 1, bias: false);
    }
}
