using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>The works of the comparison. The peers' reference times were measured on 2 cores of an AMD EPYC with AVX-512.</summary>
internal static class PeerWorks
{
    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<PeerWork> All { get; } =
    [
        Training("mnist-convnet", () => MnistConvNet.Create(), batch: 64, reference: 22.9, goal: 5),
        Training("lenet5", () => LeNet5.Create(), batch: 64, reference: 2.6, goal: 4),
        Training("resnet18", () => ResNet.Create18(), batch: 16, reference: 900, goal: 2),
        Inference("mnist-convnet", () => MnistConvNet.Create(), batch: 256, PeerKind.PyTorch, reference: 44, goal: 4),
        Inference("lenet5", () => LeNet5.Create(), batch: 256, PeerKind.PyTorch, reference: 5.7, goal: null),
        Inference("vgg16", () => Vgg.Create16(), batch: 1, PeerKind.OnnxRuntime, reference: 76.7, goal: 1.4),
        Inference("vgg16", () => Vgg.Create16(), batch: 8, PeerKind.OnnxRuntime, reference: 560, goal: 1.4),
        Inference("resnet18", () => ResNet.Create18(), batch: 1, PeerKind.OnnxRuntime, reference: 8.3, goal: 1.2),
        Inference("resnet18", () => ResNet.Create18(), batch: 8, PeerKind.OnnxRuntime, reference: 61.5, goal: 1.2),
        Inference("resnet50", () => ResNet.Create50(), batch: 1, PeerKind.OnnxRuntime, reference: 19.0, goal: 1),
        Inference("resnet50", () => ResNet.Create50(), batch: 8, PeerKind.OnnxRuntime, reference: 151.6, goal: 1),
        Inference("squeezenet", () => SqueezeNet.Create(), batch: 1, PeerKind.OnnxRuntime, reference: 1.9, goal: 1),
        Inference("squeezenet", () => SqueezeNet.Create(), batch: 8, PeerKind.OnnxRuntime, reference: 15.5, goal: 1),
        Inference("alexnet", () => AlexNet.Create(), batch: 1, PeerKind.OnnxRuntime, reference: 9.6, goal: 1),
        Inference("alexnet", () => AlexNet.Create(), batch: 8, PeerKind.OnnxRuntime, reference: 31.1, goal: 1),
        Inference("googlenet", () => GoogLeNet.Create(), batch: 1, PeerKind.OnnxRuntime, reference: null, goal: 1),
        Inference("googlenet", () => GoogLeNet.Create(), batch: 8, PeerKind.OnnxRuntime, reference: null, goal: 1),
        Inference("densenet121", () => DenseNet.Create121(), batch: 1, PeerKind.OnnxRuntime, reference: null, goal: 1),
        Inference("densenet121", () => DenseNet.Create121(), batch: 8, PeerKind.OnnxRuntime, reference: null, goal: 1),
        Inference("mobilenet-v2", () => MobileNetV2.Create(), batch: 1, PeerKind.OnnxRuntime, reference: null, goal: 1),
        Inference("mobilenet-v2", () => MobileNetV2.Create(), batch: 8, PeerKind.OnnxRuntime, reference: null, goal: 1),
    ];

    private static PeerWork Training(string network, Func<Network> create, int batch, double reference, double? goal) =>
        new($"{network}-train-{batch}", create, batch, IsTraining: true, PeerKind.PyTorch, reference, goal);

    private static PeerWork Inference(string network, Func<Network> create, int batch, PeerKind peer, double? reference, double? goal) =>
        new($"{network}-infer-{batch}", create, batch, IsTraining: false, peer, reference, goal);
}
