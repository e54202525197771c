using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// AlexNet in its form for one processor (Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014; the
/// network of Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012, without its two
/// halves and its local response normalisation): five convolutions with 64, 192, 384, 256 and 256 filters, then fully connected layers of
/// 4096, 4096 and the number of classes. With images of 224x224x3 and 1000 classes it has 61,100,840 parameters.
/// </summary>
public static class AlexNet
{
    /// <summary>
    /// Builds it. Images of 224x224 shrink to 55x55x64, 27x27x64, 27x27x192, 13x13x192, 13x13x256 and 6x6x256; adaptive average pooling
    /// makes 6x6x256 of any other size, from 63x63.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    public static Network Create(Shape? input = null, int classes = 1000) =>
        Network.Input(input ?? [224, 224, 3])
            .Conv(64, 11, stride: 4, padding: 2).Relu().MaxPool(3, stride: 2)
            .Conv(192, 5, padding: 2).Relu().MaxPool(3, stride: 2)
            .Conv(384, 3, padding: 1).Relu()
            .Conv(256, 3, padding: 1).Relu()
            .Conv(256, 3, padding: 1).Relu().MaxPool(3, stride: 2)
            .AdaptiveAvgPool(6)
            .Flatten()
            .Dropout().Dense(4096).Relu()
            .Dropout().Dense(4096).Relu()
            .Dense(classes, initialization: Initialization.GlorotUniform).Softmax()
            .ToNetwork("alexnet");
}
