using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Data.Augmentation;

/// <summary>Samples whose form changes from epoch to epoch, and trainings with them.</summary>
[TestClass]
public sealed class AugmentedDatasetTests
{
    private static readonly ImageAugmentation Augmentation = new()
    {
        RotationRange = 10,
        WidthShiftRange = 0.2f,
        BrightnessRange = (0.7f, 1.3f),
        GaussianNoise = 4,
        Policy = new TrivialAugment(),
    };

    private static readonly Network Network = Network.Input(16, 16, 1)
        .Conv(8, 3, padding: 1).BatchNorm().Relu().MaxPool(2).Flatten().Dense(20).Relu().Dropout(0.3f).Dense(10).Softmax();

    [TestMethod]
    public void A_training_reads_every_sample_once_in_each_epoch_with_its_number()
    {
        ReadingImages images = new(new NumberedSamples(10, side: 6));
        TrainingOptions options = new() { Epochs = 3, BatchSize = 4, ValidationSet = images };
        using Weights weights = NetworkTrainer.Train(Network.Input(6, 6, 1).Flatten().Dense(10), new DatasetSubset(images, [7, 2, 9]), options).Weights;
        CollectionAssert.AreEquivalent(
            (string[])["7 in 0", "2 in 0", "9 in 0", "7 in 1", "2 in 1", "9 in 1", "7 in 2", "2 in 2", "9 in 2"], images.InEpochs.ToArray());
        Assert.AreEqual(30, images.WithoutEpoch);
    }

    [TestMethod]
    public void Without_an_epoch_the_samples_are_as_they_are()
    {
        NumberedSamples samples = new(5, side: 16);
        AugmentedDataset augmented = new(samples, Augmentation, seed: 1);
        float[] expected = new float[256];
        float[] received = new float[256];
        samples.ReadSample(3, expected);
        augmented.ReadSample(3, received);
        CollectionAssert.AreEqual(expected, received);
        Assert.AreEqual(5, augmented.Count);
        Assert.AreEqual(3, augmented.LabelOf(3));
    }

    [TestMethod]
    public void Samples_are_augmented_before_they_are_normalised()
    {
        NumberedSamples samples = new(5, side: 16);
        NormalizedDataset normalized = new(new AugmentedDataset(samples, Augmentation, seed: 9), 100, 0.5f);
        float[] expected = new float[256];
        samples.ReadSample(3, expected);
        Augmentation.Apply(expected, samples.Shape, 9, 2, 3, expected);
        float[] received = new float[256];
        normalized.ReadSample(3, 2, received);
        CollectionAssert.AreEqual(expected.Select(value => (value - 100) * 0.5f).ToArray(), received);
    }

    [TestMethod]
    public void One_two_and_four_threads_end_in_the_same_bits()
    {
        int[] one = Train(threads: 1, Augmentation);
        CollectionAssert.AreEqual(one, Train(threads: 2, Augmentation));
        CollectionAssert.AreEqual(one, Train(threads: 4, Augmentation));
        CollectionAssert.AreNotEqual(one, Train(threads: 1, new ImageAugmentation()));
    }

    [TestMethod]
    public void A_sample_has_the_same_form_in_any_batch()
    {
        AugmentedDataset augmented = new(new NumberedSamples(40, side: 16), Augmentation, seed: 1);
        float[][] alone = [.. Enumerable.Range(0, 40).Select(i => Read(augmented, i))];
        float[][] together = new float[40][];
        Parallel.For(0, 40, i => together[39 - i] = Read(augmented, 39 - i));
        for (int i = 0; i < 40; i++)
        {
            CollectionAssert.AreEqual(alone[i], together[i]);
        }
    }

    [TestMethod]
    public void Images_whose_first_channel_is_blue_are_augmented_as_those_whose_first_is_red()
    {
        Shape shape = new(8, 8, 3);
        using InMemoryDataset red = new(shape, 1);
        using InMemoryDataset blue = new(shape, 1);
        float[] pixels = Kernels.GuardedFloats.Uniform(1, shape.ElementCount, 0, 255);
        red.Add(pixels, 0);
        blue.Add(Reversed(pixels), 0);
        ImageAugmentation colors = new() { HueRange = 0.5f, SaturationRange = (0.2f, 0.8f), ContrastRange = (0.5f, 0.9f) };
        CollectionAssert.AreEqual(
            Read(new AugmentedDataset(red, colors, 1), 0), Reversed(Read(new AugmentedDataset(blue, colors, 1, isBlueFirst: true), 0)));
    }

    [TestMethod]
    public void What_cannot_be_augmented_so_is_refused_at_once()
    {
        using InMemoryDataset vectors = new(new Shape(4), 2);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new AugmentedDataset(vectors, Augmentation, 1)).Message, "images [H, W, C]");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => new AugmentedDataset(new NumberedSamples(2), new ImageAugmentation { HueRange = 2 }, 1)).Message,
            "HueRange");
    }

    private static float[] Read(AugmentedDataset dataset, int index)
    {
        float[] pixels = new float[dataset.Shape.ElementCount];
        dataset.ReadSample(index, 5, pixels);
        return pixels;
    }

    private static float[] Reversed(float[] pixels) => [.. Enumerable.Range(0, pixels.Length).Select(i => pixels[i - (i % 3) + 2 - (i % 3)])];

    private static int[] Train(int threads, ImageAugmentation augmentation)
    {
        NormalizedDataset dataset = new(new AugmentedDataset(new NumberedSamples(56, side: 16), augmentation, seed: 1), 0, 1 / 255f);
        TrainingOptions options = new() { Epochs = 2, BatchSize = 24, NumberOfThreads = threads, ValidationSet = dataset };
        using Weights weights = NetworkTrainer.Train(Network, dataset, options).Weights;
        return [.. weights.Names.SelectMany(name => MemoryMarshal.Cast<float, int>(weights[name].Span).ToArray())];
    }
}
