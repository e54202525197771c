using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// SqueezeNet 1.1 (Iandola, Han, Moskewicz, Ashraf, Dally and Keutzer, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and
/// under 0.5MB model size", 2016, in its authors' second version, which pools earlier): a convolution of 3x3, eight fire modules, and a
/// convolution of 1x1 that gives the classes, averaged over the image. With images of 224x224x3 and 1000 classes it has 1,235,496
/// parameters.
/// </summary>
public static class SqueezeNet
{
    /// <summary>
    /// Builds it. Images of 224x224x3 shrink to 111x111x64, 55x55x128, 27x27x256 and 13x13x512.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="NetworkDefinitionException">The image is too small for a window, or there is no class.</exception>
    public static Network Create(Shape? input = null, int classes = 1000)
    {
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3])
            .Conv(64, 3, stride: 2, name: "conv1").Relu()
            .MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, 16, 64, "fire2");
        x = Fire(x, 16, 64, "fire3").MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, 32, 128, "fire4");
        x = Fire(x, 32, 128, "fire5").MaxPool(3, stride: 2, ceiling: true);
        x = Fire(x, 48, 192, "fire6");
        x = Fire(x, 48, 192, "fire7");
        x = Fire(x, 64, 256, "fire8");
        x = Fire(x, 64, 256, "fire9");
        return x
            .Dropout()
            .Conv(classes, 1, initialization: Initialization.GlorotUniform, name: "conv10").Relu()
            .GlobalAvgPool().Softmax()
            .ToNetwork("squeezenet");
    }

    /// <summary>A convolution of 1x1 that squeezes the channels, and two beside each other, of 1x1 and of 3x3, that expand them.</summary>
    private static SymbolicTensor Fire(SymbolicTensor x, int squeeze, int expand, string name)
    {
        SymbolicTensor squeezed = x.Conv(squeeze, 1, name: $"{name}.squeeze1x1").Relu();
        SymbolicTensor expanded1x1 = squeezed.Conv(expand, 1, name: $"{name}.expand1x1").Relu();
        SymbolicTensor expanded3x3 = squeezed.Conv(expand, 3, padding: 1, name: $"{name}.expand3x3").Relu();
        return expanded1x1.Concat(expanded3x3);
    }
}
