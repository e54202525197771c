using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// Residual networks (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016): a convolution of 7x7 and max pooling,
/// four stages of residual blocks, the mean over the image, and one fully connected layer. Every convolution is followed by batch
/// normalisation. A stage's first block halves the size, but for the first stage. Images of 224x224x3 shrink to 112x112x64, 56x56,
/// 28x28, 14x14 and 7x7.
/// </summary>
/// <remarks>
/// Bottleneck blocks have their stride on the convolution of 3x3, as published weights do; the paper has it on the 1x1 before
/// ("ResNet v1.5"). Layers have the names that those weights go by: <c>layer1.0.conv1</c> is the first convolution of the first block
/// of the first stage.
/// </remarks>
public static class ResNet
{
    private static readonly int[] StageWidths = [64, 128, 256, 512];

    private delegate SymbolicTensor Branch(SymbolicTensor x, int width, int stride, string name);

    /// <summary>ResNet-18: 11,689,512 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="NetworkDefinitionException">There is no class.</exception>
    public static Network Create18(Shape? input = null, int classes = 1000) => Create("resnet18", Basic, [2, 2, 2, 2], input, classes);

    /// <summary>ResNet-34: 21,797,672 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create34(Shape? input = null, int classes = 1000) => Create("resnet34", Basic, [3, 4, 6, 3], input, classes);

    /// <summary>ResNet-50: 25,557,032 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create50(Shape? input = null, int classes = 1000) => Create("resnet50", Bottleneck, [3, 4, 6, 3], input, classes);

    /// <summary>ResNet-101: 44,549,160 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create101(Shape? input = null, int classes = 1000) =>
        Create("resnet101", Bottleneck, [3, 4, 23, 3], input, classes);

    /// <summary>ResNet-152: 60,192,808 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create18"/>
    public static Network Create152(Shape? input = null, int classes = 1000) =>
        Create("resnet152", Bottleneck, [3, 8, 36, 3], input, classes);

    private static Network Create(string name, Branch branch, int[] blocks, Shape? input, int classes)
    {
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .Conv(64, 7, stride: 2, padding: 3, useBias: false, name: "conv1").BatchNorm(name: "bn1").Relu()
            .MaxPool(3, stride: 2, padding: 1);
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            for (int i = 0; i < blocks[stage]; i++)
            {
                x = Residual(x, branch, StageWidths[stage], stride: stage > 0 && i == 0 ? 2 : 1, $"layer{stage + 1}.{i}");
            }
        }

        return x
            .GlobalAvgPool()
            .Dense(classes, initialization: Initialization.GlorotUniform, name: "fc").Softmax()
            .ToNetwork(name);
    }

    /// <summary>relu(F(x) + x); where F changes the shape, x goes through a convolution of 1x1.</summary>
    private static SymbolicTensor Residual(SymbolicTensor x, Branch branch, int width, int stride, string name)
    {
        SymbolicTensor residual = branch(x, width, stride, name);
        SymbolicTensor shortcut = residual.Shape == x.Shape
            ? x
            : x.Conv(residual.Shape.Channels, 1, stride, useBias: false, name: $"{name}.downsample.0")
                .BatchNorm(name: $"{name}.downsample.1");
        return residual.Add(shortcut).Relu();
    }

    /// <summary>Two convolutions of 3x3.</summary>
    private static SymbolicTensor Basic(SymbolicTensor x, int width, int stride, string name) => x
        .Conv(width, 3, stride, padding: 1, useBias: false, name: $"{name}.conv1").BatchNorm(name: $"{name}.bn1").Relu()
        .Conv(width, 3, padding: 1, useBias: false, name: $"{name}.conv2").BatchNorm(name: $"{name}.bn2");

    /// <summary>A convolution of 1x1 that reduces the channels, one of 3x3, and one of 1x1 that restores them fourfold.</summary>
    private static SymbolicTensor Bottleneck(SymbolicTensor x, int width, int stride, string name) => x
        .Conv(width, 1, useBias: false, name: $"{name}.conv1").BatchNorm(name: $"{name}.bn1").Relu()
        .Conv(width, 3, stride, padding: 1, useBias: false, name: $"{name}.conv2").BatchNorm(name: $"{name}.bn2").Relu()
        .Conv(4 * width, 1, useBias: false, name: $"{name}.conv3").BatchNorm(name: $"{name}.bn3");
}
