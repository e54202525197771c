using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// The VGG networks (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", 2015): five stages of
/// 3x3 convolutions that keep the size, with 64, 128, 256, 512 and 512 filters, each stage ending in max pooling that halves it; then
/// fully connected layers of 4096, 4096 and the number of classes. The paper's configurations, its table 1, differ in the convolutions
/// of the stages only. Images of 224x224x3 shrink to 112x112x64, 56x56x128, 28x28x256, 14x14x512 and 7x7x512; other sizes change the
/// first fully connected layer.
/// </summary>
public static class Vgg
{
    private static readonly int[] StageFilters = [64, 128, 256, 512, 512];

    // The size of each convolution's window, stage by stage.
    private static readonly int[][] A = [[3], [3], [3, 3], [3, 3], [3, 3]];
    private static readonly int[][] B = [[3, 3], [3, 3], [3, 3], [3, 3], [3, 3]];
    private static readonly int[][] C = [[3, 3], [3, 3], [3, 3, 1], [3, 3, 1], [3, 3, 1]];
    private static readonly int[][] D = [[3, 3], [3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]];
    private static readonly int[][] E = [[3, 3], [3, 3], [3, 3, 3, 3], [3, 3, 3, 3], [3, 3, 3, 3]];

    /// <summary>VGG-11, configuration A: 132,863,336 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <param name="input">The images, <c>[H, W, C]</c>; 224x224x3 where not given.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="NetworkDefinitionException">The image is smaller than 32x32, or there is no class.</exception>
    public static Network Create11(Shape? input = null, int classes = 1000) => Create("vgg11", A, input, classes);

    /// <summary>VGG-13, configuration B: 133,047,848 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create13(Shape? input = null, int classes = 1000) => Create("vgg13", B, input, classes);

    /// <summary>VGG-16, configuration D: 138,357,544 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create16(Shape? input = null, int classes = 1000) => Create("vgg16", D, input, classes);

    /// <summary>
    /// Configuration C, whose stages of three convolutions end in one of 1x1: 133,638,952 parameters with images of 224x224x3 and 1000
    /// classes.
    /// </summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create16C(Shape? input = null, int classes = 1000) => Create("vgg16-c", C, input, classes);

    /// <summary>VGG-19, configuration E: 143,667,240 parameters with images of 224x224x3 and 1000 classes.</summary>
    /// <inheritdoc cref="Create11"/>
    public static Network Create19(Shape? input = null, int classes = 1000) => Create("vgg19", E, input, classes);

    private static Network Create(string name, int[][] stages, Shape? input, int classes)
    {
        SymbolicTensor x = Network.Input(input ?? [224, 224, 3]);
        for (int stage = 0; stage < stages.Length; stage++)
        {
            for (int i = 0; i < stages[stage].Length; i++)
            {
                int kernelSize = stages[stage][i];
                x = x.Conv(StageFilters[stage], kernelSize, padding: kernelSize / 2, name: $"conv{stage + 1}_{i + 1}").Relu();
            }

            x = x.MaxPool(2);
        }

        return x
            .Flatten()
            .Dense(4096).Relu().Dropout()
            .Dense(4096).Relu().Dropout()
            .Dense(classes, initialization: Initialization.GlorotUniform).Softmax()
            .ToNetwork(name);
    }
}
