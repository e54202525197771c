using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class ArchitectureTests
{
    private const string Names =
        "lenet5, lenet5-1998, mnist-convnet, convnetjs-cifar10, alexnet, alexnet-2012, alexnet-2012-nolrn, zfnet, "
        + "vgg11, vgg11-lrn, vgg13, vgg16-c, vgg16, vgg19, googlenet-2014, googlenet-2014-aux, googlenet, googlenet-aux, googlenet-5x5, "
        + "inception-v3, inception-v3-aux, inception-v4, inception-resnet-v2, squeezenet1.0, squeezenet, "
        + "resnet18, resnet34, resnet50, resnet101, resnet152, resnet20, resnet32, resnet44, resnet56, resnet110, "
        + "preresnet164, preresnet1001, preresnet18, preresnet50, preresnet152, preresnet200, "
        + "wrn16-8, wrn28-10, wrn40-4, wide-resnet50-2, wide-resnet101-2, resnext50-32x4d, resnext101-32x8d, "
        + "densenet121, densenet161, densenet169, densenet201, densenet-bc100-12, densenet-bc190-40, "
        + "pyramidnet110-a48, pyramidnet110-a84, pyramidnet110-a270, pyramidnet164-a270, pyramidnet272-a200, pyramidnet200-a300, "
        + "fractalnet20, fractalnet40, mobilenet-v1, mobilenet-v2, "
        + "shufflenet-v1, shufflenet-v2-x0.5, shufflenet-v2, shufflenet-v2-x1.5, shufflenet-v2-x2.0";

    [TestMethod]
    public void The_catalogue_names_the_architectures()
    {
        Assert.AreEqual(Names, string.Join(", ", Architecture.All.Select(architecture => architecture.Name)));
        foreach (Architecture architecture in Architecture.All)
        {
            Network network = architecture.Create();
            Assert.AreEqual(architecture.Name, network.Name);
            Assert.AreEqual(architecture.DefaultInput, network.InputShape);
            Assert.AreEqual(architecture.Name, architecture.Name.ToLowerInvariant());
            Assert.AreNotEqual(string.Empty, architecture.Paper);
            Assert.IsTrue(architecture.Year is >= 1998 and <= 2018, architecture.Name);
            Assert.IsTrue(architecture.Classes is 10 or 1000, architecture.Name);
            Assert.IsTrue(architecture.Recipe is { LearningRate: > 0, BatchSize: > 0, Epochs: > 0 });
        }
    }

    [TestMethod]
    public void The_smallest_images_are_the_smallest_that_fit()
    {
        foreach (Architecture architecture in Architecture.All)
        {
            (int size, int channels) = (architecture.MinimumInput.Height, architecture.MinimumInput.Channels);
            Assert.AreEqual(new Shape(size, size, architecture.DefaultInput.Channels), architecture.MinimumInput);
            Assert.AreEqual(new Shape(3), architecture.Create(architecture.MinimumInput, 3, width: 0.1).OutputShape, architecture.Name);
            if (size > 1)
            {
                Assert.ThrowsExactly<NetworkDefinitionException>(
                    () => architecture.Create([size - 1, size - 1, channels], 3, width: 0.1), architecture.Name);
            }
        }
    }

    [TestMethod]
    public void A_network_of_half_the_width_has_about_a_quarter_of_the_parameters()
    {
        foreach (Architecture architecture in Architecture.All)
        {
            double ratio = (double)architecture.Create(classes: 1, width: 0.5).ParameterCount / architecture.Create(classes: 1).ParameterCount;
            Assert.IsTrue(ratio is > 0.2 and < 0.6, $"{architecture.Name}: {ratio}");
        }
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(65.0)]
    public void A_width_that_is_none_is_refused(double width)
    {
        foreach (Architecture architecture in Architecture.All)
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => architecture.Create(width: width), architecture.Name);
        }
    }

    [TestMethod]
    [DataRow("vgg16", 74.4, 91.9)]
    [DataRow("googlenet-2014", null, 89.93)]
    [DataRow("mobilenet-v2", 72.0, null)]
    [DataRow("lenet5", null, null)]
    public void Accuracies_on_ImageNet_are_given_where_they_were_published(string name, double? top1, double? top5)
    {
        PublishedAccuracy? accuracy = Architecture.Get(name).ImageNetAccuracy;
        Assert.AreEqual(top1, accuracy?.Top1);
        Assert.AreEqual(top5, accuracy?.Top5);
    }

    [TestMethod]
    public void A_name_is_found_whatever_its_case() => Assert.AreEqual("lenet5-1998", Architecture.Get("LeNet5-1998").Name);

    [TestMethod]
    [DataRow("lenet", "lenet5")]
    [DataRow("LENET-1998", "lenet5-1998")]
    [DataRow("mnist_convnet", "mnist-convnet")]
    [DataRow("resnet-50", "resnet50")]
    [DataRow("vgg-16", "vgg16")]
    [DataRow("", "zfnet")]
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
    [DataRow("squeezenet", "2x9x3", "Conv2D \"features.0\": a 3x3 window does not fit a 2x9 input with padding 0.")]
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

    // Wang and Aitchison: a decay of 1/(rate x passes x steps a pass) for all samples; 938 and 63 steps. A pass of 4 steps decays in a fifth of the 1000.
    [TestMethod]
    [DataRow(60_000, 64, 0.002f, 1 / (0.002f * 5 * 938))]
    [DataRow(4_000, 64, 0.002f, 1 / (0.002f * 5 * 63))]
    [DataRow(2_000, 32, 0.004f, 1 / (0.004f * 5 * 63))]
    [DataRow(24, 6, 0.003f, 1 / (0.003f * 200))]
    public void The_decay_of_weights_takes_as_many_passes_over_few_samples_as_over_many(int samples, int batchSize, float learningRate, float decay)
    {
        TrainingRecipe recipe = new(RecipeOptimizer.AdamW, 0.001f, BatchSize: 64, Epochs: 6) { DecayEpochs = 5 };
        Assert.AreEqual(decay, recipe.WeightDecayFor(samples, batchSize, learningRate), decay * 1e-6f);
        Assert.AreEqual(0.25f, (recipe with { DecayEpochs = 0, WeightDecay = 0.25f }).WeightDecayFor(samples, batchSize, learningRate));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => recipe.WeightDecayFor(0, batchSize, learningRate));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => recipe.WeightDecayFor(samples, 0, learningRate));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => recipe.WeightDecayFor(samples, batchSize, 0));
    }

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
