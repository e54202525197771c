using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// The network of many first lessons on digits: two convolutions of 3x3 with 32 filters that keep the size, each followed by max
/// pooling, then fully connected layers of 500 and the number of classes. With images of 28x28x1 and 10 classes it has 799,078
/// parameters.
/// </summary>
public static class MnistConvNet
{
    /// <summary>Builds it.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 28x28x1 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    public static Network Create(Shape? input = null, int classes = 10) =>
        Network.Input(input ?? [28, 28, 1])
            .Conv(32, 3, padding: 1).Relu().MaxPool(2)
            .Conv(32, 3, padding: 1).Relu().MaxPool(2)
            .Flatten()
            .Dense(500).Relu()
            .Dense(classes, initialization: Initialization.GlorotUniform).Softmax()
            .ToNetwork("mnist-convnet");
}
