using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

/// <summary>
/// LibTorch's networks by the names of the Zoo. They end in logits, and their parameters have torchvision's names; for those that
/// torchvision does not have, the Zoo's.
/// </summary>
internal static class LibTorchNetworks
{
    private static readonly Dictionary<string, Func<int, Module<Tensor, Tensor>>> Networks = new()
    {
        ["lenet5"] = LeNet5,
        ["mnist-convnet"] = MnistConvNet,
        ["alexnet"] = classes => torchvision.models.alexnet(classes),
        ["vgg11"] = classes => torchvision.models.vgg11(classes),
        ["vgg16"] = classes => torchvision.models.vgg16(classes),
        ["resnet18"] = classes => torchvision.models.resnet18(classes),
        ["resnet50"] = classes => torchvision.models.resnet50(classes),
        ["resnext50-32x4d"] = classes => torchvision.models.resnext50_32x4d(classes),
        ["wide-resnet50-2"] = classes => torchvision.models.wide_resnet50_2(classes),
        ["googlenet"] = classes => torchvision.models.googlenet(classes),
        ["inception-v3"] = classes => torchvision.models.inception_v3(classes),
        ["mobilenet-v2"] = classes => torchvision.models.mobilenet_v2(classes),
        ["squeezenet1.0"] = SqueezeNetModule.Create10,
        ["squeezenet"] = SqueezeNetModule.Create11,
        ["densenet121"] = classes => new DenseNetModule([6, 12, 24, 16], growth: 32, classes),
        ["shufflenet-v2"] = classes => new ShuffleNetV2Module([24, 116, 232, 464, 1024], classes),
    };

    /// <summary>Makes a network.</summary>
    /// <exception cref="PeerException">There is none of this name.</exception>
    public static Module<Tensor, Tensor> Create(string name, int classes) => Networks.TryGetValue(name, out var create)
        ? create(classes)
        : throw new PeerException($"LibTorch's networks are {string.Join(", ", Networks.Keys)}. Received: {name}.");

    private static Module<Tensor, Tensor> LeNet5(int classes) => Sequential(
        ("conv1", Conv2d(1, 6, 5, padding: 2)), ("relu1", ReLU(inplace: true)), ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(6, 16, 5)), ("relu2", ReLU(inplace: true)), ("pool2", MaxPool2d(2)),
        ("flatten", Flatten()),
        ("fc1", Linear(400, 120)), ("relu3", ReLU(inplace: true)),
        ("fc2", Linear(120, 84)), ("relu4", ReLU(inplace: true)),
        ("fc3", Linear(84, classes)));

    private static Module<Tensor, Tensor> MnistConvNet(int classes) => Sequential(
        ("conv1", Conv2d(1, 32, 3, padding: 1)), ("relu1", ReLU(inplace: true)), ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(32, 32, 3, padding: 1)), ("relu2", ReLU(inplace: true)), ("pool2", MaxPool2d(2)),
        ("flatten", Flatten()),
        ("fc1", Linear(1568, 500)), ("relu3", ReLU(inplace: true)),
        ("fc2", Linear(500, classes)));
}
