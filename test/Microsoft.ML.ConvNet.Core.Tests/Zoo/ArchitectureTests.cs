using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class ArchitectureTests
{
    private const string Names =
        "lenet5, lenet5-1998, mnist-convnet, alexnet, vgg11, vgg13, vgg16-c, vgg16, vgg19, squeezenet, "
        + "resnet18, resnet34, resnet50, resnet101, resnet152";

    [TestMethod]
    public void The_catalogue_names_the_architectures()
    {
        Assert.AreEqual(Names, string.Join(", ", Architecture.All.Select(architecture => architecture.Name)));
        foreach (Architecture architecture in Architecture.All)
        {
            Assert.AreEqual(architecture.Name, architecture.Create().Name);
            Assert.AreEqual(architecture.DefaultInput, architecture.Create().InputShape);
            Assert.AreNotEqual(string.Empty, architecture.Paper);
            Assert.IsTrue(architecture.Recipe is { LearningRate: > 0, BatchSize: > 0, Epochs: > 0 });
        }
    }

    [TestMethod]
    public void A_name_is_found_whatever_its_case() => Assert.AreEqual("lenet5-1998", Architecture.Get("LeNet5-1998").Name);

    [TestMethod]
    [DataRow("lenet", "lenet5")]
    [DataRow("LENET-1998", "lenet5-1998")]
    [DataRow("mnist_convnet", "mnist-convnet")]
    [DataRow("resnet-50", "resnet50")]
    [DataRow("vgg-16", "vgg16")]
    [DataRow("", "vgg11")]
    public void An_unknown_name_is_answered_with_all_names_and_the_nearest(string name, string nearest)
    {
        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(() => Architecture.Get(name));
        Assert.AreEqual(
            $"There is no architecture \"{name}\". Known: {Names}; the nearest is \"{nearest}\".", exception.Message);
    }

    [TestMethod]
    [DataRow("lenet5", "64x48x3", 5)]
    [DataRow("lenet5", "12x12x1", 2)]
    [DataRow("lenet5-1998", "64x64x3", 5)]
    [DataRow("lenet5-1998", "28x28x1", 10)]
    [DataRow("mnist-convnet", "4x4x1", 3)]
    [DataRow("mnist-convnet", "33x21x3", 1)]
    [DataRow("alexnet", "63x80x1", 4)]
    [DataRow("vgg11", "32x40x3", 6)]
    [DataRow("vgg16", "64x32x1", 2)]
    [DataRow("squeezenet", "25x26x3", 7)]
    [DataRow("resnet18", "1x1x3", 3)]
    [DataRow("resnet50", "33x21x1", 2)]
    public void Any_image_that_fits_and_any_number_of_classes_will_do(string name, string input, int classes)
    {
        Network network = Architecture.Get(name).Create(Shape.Parse(input), classes);
        Assert.AreEqual(new Shape(classes), network.OutputShape);
        Assert.IsInstanceOfType<Softmax>(network.Nodes[^1].Layer);
    }

    [TestMethod]
    [DataRow("lenet5", "8x8x1", "Conv2D \"conv2\": a 5x5 window does not fit a 4x4 input with padding 0.")]
    [DataRow("lenet5-1998", "1x1x1", "AvgPool2D \"avgpool1\": a 2x2 window does not fit")]
    [DataRow("mnist-convnet", "1x1x3", "MaxPool2D \"maxpool1\": a 2x2 window does not fit a 1x1 input")]
    [DataRow("vgg13", "16x16x3", "MaxPool2D \"maxpool5\": a 2x2 window does not fit a 1x1 input")]
    [DataRow("squeezenet", "2x9x3", "Conv2D \"conv1\": a 3x3 window does not fit a 2x9 input with padding 0.")]
    [DataRow("lenet5", "784", "Conv2D \"conv1\": takes an image [H, W, C]. Received: 784")]
    public void An_image_that_is_too_small_gets_the_error_of_the_layer_that_it_does_not_fit(string name, string input, string message)
    {
        NetworkDefinitionException exception =
            Assert.ThrowsExactly<NetworkDefinitionException>(() => Architecture.Get(name).Create(Shape.Parse(input)));
        StringAssert.Contains(exception.Message, message);
    }

    [TestMethod]
    [DataRow(60_000, 6)]
    [DataRow(6_400, 10)] // 100 steps a pass.
    [DataRow(4_000, 16)] // 63 steps a pass, the last a small one: 16 passes make 1008.
    [DataRow(300, 40)]
    [DataRow(1, 40)]
    public void Few_samples_are_taken_more_often(int samples, int epochs) =>
        Assert.AreEqual(epochs, new TrainingRecipe(RecipeOptimizer.Adam, 0.001f, BatchSize: 64, Epochs: 6).EpochsFor(samples));

    [TestMethod]
    public void What_was_published_for_large_batches_is_scaled_to_smaller_ones()
    {
        // He et al.: 0.1 at 256 samples.
        TrainingRecipe recipe = Architecture.Get("resnet50").Recipe;
        Assert.AreEqual(new TrainingRecipe(RecipeOptimizer.Sgd, 0.0125f, 32, 90) { Momentum = 0.9f, WeightDecay = 1e-4f }, recipe);
    }

    [TestMethod]
    public void A_network_made_for_ImageNet_has_1000_classes_where_nothing_is_said() => CollectionAssert.AreEqual(
        new[] { 1000, 1000, 1000, 1000, 10 },
        new[] { AlexNet.Create(), Vgg.Create16(), ResNet.Create50(), SqueezeNet.Create(), Architecture.Get("resnet50").Create() }
            .Select(network => network.OutputShape.ElementCount)
            .ToArray());

    [TestMethod]
    public void No_classes_are_refused() =>
        Assert.ThrowsExactly<NetworkDefinitionException>(() => Architecture.Get("lenet5").Create(classes: 0));

    [TestMethod]
    [DataRow("28x28x1", 2)]
    [DataRow("32x32x1", 0)]
    [DataRow("64x31x1", 2)]
    [DataRow("48x48x1", 0)]
    public void The_form_of_1998_pads_images_under_32x32_by_two_as_the_paper_did(string input, int padding) =>
        Assert.AreEqual(padding, ((Conv2D)LeNet5.Create1998(Shape.Parse(input)).Nodes[0].Layer).Padding.Top);
}
