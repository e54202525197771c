using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>The works of the comparison.</summary>
internal static class Works
{
    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<Work> All { get; } =
    [
        Training("mnist-convnet", () => MnistConvNet.Create(), batch: 64),
        Training("lenet5", () => LeNet5.Create(), batch: 64),
        Training("resnet18", () => ResNet.Create18(), batch: 16),
        Training("resnet50", () => ResNet.Create50(), batch: 8),
        Training("mobilenet-v2", () => MobileNetV2.Create(), batch: 16),
        Training("vgg16", () => Vgg.Create16(), batch: 4),
        Training("alexnet", () => AlexNet.Create(), batch: 32),
        .. Inference("mnist-convnet", () => MnistConvNet.Create(), 256),
        .. Inference("lenet5", () => LeNet5.Create(), 256),
        .. Inference("mnist-convnet", () => MnistConvNet.Create(), 1),
        .. Inference("lenet5", () => LeNet5.Create(), 1),
        .. Inference("vgg16", () => Vgg.Create16(), 1, 8),
        .. Inference("resnet18", () => ResNet.Create18(), 1, 8),
        .. Inference("resnet50", () => ResNet.Create50(), 1, 8),
        .. Inference("squeezenet", () => SqueezeNet.Create(), 1, 8),
        .. Inference("alexnet", () => AlexNet.Create(), 1, 8),
        .. Inference("googlenet", () => GoogLeNet.Create(), 1, 8),
        .. Inference("densenet121", () => DenseNet.Create121(), 1, 8),
        .. Inference("mobilenet-v2", () => MobileNetV2.Create(), 1, 8),
        .. Inference("inception-v3", () => InceptionV3.Create(), 1),
        .. Inference("resnext50", () => ResNeXt.Create50(), 1, 8),
        .. Inference("shufflenet-v2", () => ShuffleNetV2.Create(), 1, 8),
    ];

    private static Work Training(string name, Func<Network> create, int batch) =>
        new($"{name}-train-{batch}", create, batch, IsTraining: true);

    private static IEnumerable<Work> Inference(string name, Func<Network> create, params int[] batches) =>
        batches.Select(batch => new Work($"{name}-infer-{batch}", create, batch, IsTraining: false));
}
