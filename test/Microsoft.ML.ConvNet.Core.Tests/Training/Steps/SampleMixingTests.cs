using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Steps;

/// <summary>Samples that are mixed with others: mixup and CutMix.</summary>
[TestClass]
public sealed class SampleMixingTests
{
    private const int Samples = 4000;

    // The variance of Beta(a, a) is 1 / (4 (2 a + 1)), its mean 1/2.
    [TestMethod]
    public void A_partner_that_counts_nothing_leaves_a_sample_as_it_is()
    {
        using CachedDataset images = new(new Shape(1, 1, 1), 2, memoryBudget: 1000);
        images.Add([0f], 0);
        images.Add([1f], 1, 0);
        SampleMixing mixing = SampleMixing.Of(images, new TrainingOptions { Mixup = 1 })!;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            Assert.AreEqual(0, mixing.Draw(epoch, 0).Partner);
        }
    }

    [TestMethod]
    public void A_sample_that_counts_nothing_stays_as_it_is()
    {
        using CachedDataset images = new(new Shape(1, 1, 1), 2, memoryBudget: 1000);
        images.Add([0f], 0, 0);
        images.Add([1f], 1, 2);
        SampleMixing mixing = SampleMixing.Of(images, new TrainingOptions { Mixup = 1 })!;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            Assert.AreEqual(0, mixing.Draw(epoch, 0).Partner);
            Assert.AreEqual(0f, mixing.WeightOf(epoch, 0));
        }
    }

    // With a logit b of class 1 and the weight w of each sample, of mixed samples [s, 1 - s]: dL/db = sum(s v (p - y) + (1 - s) w (p - z)) / sum(s v + (1 - s) w).
    [TestMethod]
    [DataRow(false, 1)]
    [DataRow(true, 1)]
    [DataRow(true, 3)]
    public void Each_of_two_targets_counts_by_its_samples_weight_times_its_share(bool cuts, int batches)
    {
        const int Count = 12;
        const float Rate = 0.5f;
        float[] weights = [0.25f, 0.5f, 1, 2];
        double[] classWeights = [1, 3];
        using CachedDataset images = new(new Shape(4, 4, 1), 2, memoryBudget: 100_000);
        for (int i = 0; i < Count; i++)
        {
            images.Add(new float[16], i * 5 % 7 % 2, weights[i % weights.Length]);
        }

        TrainingOptions options = new()
        {
            Epochs = 1,
            BatchSize = Count / batches,
            AccumulatedBatches = batches,
            Mixup = cuts ? 0 : 0.8f,
            CutMix = cuts ? 1 : 0,
            Optimizer = new Sgd { Momentum = 0 },
            LearningRate = Rate,
            Loss = new SoftmaxCrossEntropy { ClassWeights = new(1, 3) },
            KeepBest = false,
        };

        // Pixels are 0: the scores are the biases, and the probabilities one half.
        Network network = Network.Input(4, 4, 1).Flatten().Dense(2, name: "head").Softmax().ToNetwork();
        SampleMixing mixing = SampleMixing.Of(images, options)!;
        double gradient = 0;
        double sum = 0;
        int mixed = 0;
        for (int i = 0; i < Count; i++)
        {
            SampleMixture mixture = mixing.Draw(0, i);
            foreach ((int sample, double share) in new[] { (i, (double)mixture.Share), (mixture.Partner, 1.0 - mixture.Share) })
            {
                double counts = share * images.WeightOf(sample) * classWeights[images.LabelOf(sample)];
                gradient += counts * (0.5 - images.LabelOf(sample));
                sum += counts;
            }

            mixed += images.WeightOf(i) != images.WeightOf(mixture.Partner) && mixture.Share is > 0 and < 1 ? 1 : 0;
        }

        TrainingResult result = NetworkTrainer.Train(network, images, options, new Weights(network));
        using Weights trained = result.Weights;
        Assert.IsGreaterThan(4, mixed);
        Assert.AreEqual(-Rate * gradient / sum, trained["head.bias"].Span[1], 1e-6);
        Assert.AreEqual(Math.Log(2), result.Epochs[0].Loss, 1e-6);
    }

    [TestMethod]
    public void Target_values_are_mixed_by_what_their_samples_count()
    {
        using CachedDataset images = new(new Shape(1, 1, 1), 2, memoryBudget: 1000);
        images.Add([0f], 0, 1);
        images.Add([1f], 1, 3);
        SampleMixing mixing = SampleMixing.Of(images, new TrainingOptions { Mixup = 1 })!;
        bool wasMixed = false;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            SampleMixture mixture = mixing.Draw(epoch, 0);
            float[] target = [1, 0];
            mixing.Apply(epoch, 0, [0f], target);
            double second = mixture.Partner == 0 ? 0 : 3 * (1.0 - mixture.Share) / (mixture.Share + (3 * (1.0 - mixture.Share)));
            Assert.AreEqual(second, target[1], 1e-6);
            Assert.AreEqual(1 - second, target[0], 1e-6);
            wasMixed |= second is > 0.1 and < 0.9;
        }

        Assert.IsTrue(wasMixed);
    }

    [TestMethod]
    [DataRow(0.4f, 0f)]
    [DataRow(0f, 1f)]
    public void Weights_that_are_all_the_same_change_no_bit(float mixup, float cutMix)
    {
        using InMemoryDataset plain = SmallImages.Make(48, seed: 1);
        using CachedDataset weighted = new(plain.Shape, plain.ClassCount, memoryBudget: 1_000_000);
        float[] pixels = new float[plain.Shape.ElementCount];
        for (int i = 0; i < plain.Count; i++)
        {
            plain.ReadSample(i, pixels);
            weighted.Add(pixels, plain.LabelOf(i), 2);
        }

        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, Mixup = mixup, CutMix = cutMix, LearningRate = 0.02f };
        CollectionAssert.AreEqual(Train(plain, options), Train(weighted, options));
    }

    [TestMethod]
    public void A_partner_with_a_target_that_is_not_finite_leaves_pixels_and_target_as_they_are()
    {
        using InMemoryDataset images = InMemoryDataset.WithTargets(new Shape(1, 1, 1), 1);
        images.Add([2], (float[])[3]);
        images.Add([8], (float[])[float.NaN]);
        SampleMixing mixing = SampleMixing.Of(images, new TrainingOptions { Mixup = 1 })!;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            float[] pixels = [2];
            float[] target = [3];
            mixing.Apply(epoch, 0, pixels, target);
            Assert.AreEqual(2f, pixels[0]);
            Assert.AreEqual(3f, target[0]);
        }
    }

    [TestMethod]
    [DataRow(0.1, 1 / 4.8)]
    [DataRow(0.4, 1 / 7.2)]
    [DataRow(1, 1 / 12.0)]
    [DataRow(2, 1 / 20.0)]
    [DataRow(8, 1 / 68.0)]
    public void Shares_have_the_mean_and_the_variance_of_the_beta_distribution(double alpha, double variance)
    {
        double[] numbers = new double[Samples];
        for (uint i = 0; i < Samples; i++)
        {
            RandomStream random = new(1, RandomPurpose.Mixing, 0, i);
            numbers[i] = SymmetricBeta.Draw(ref random, alpha);
            Assert.IsTrue(numbers[i] is >= 0 and <= 1);
        }

        Assert.AreEqual(0.5, numbers.Average(), 4 * Math.Sqrt(variance / Samples));
        Assert.AreEqual(variance, numbers.Average(number => (number - 0.5) * (number - 0.5)), variance * 0.08);
    }

    // The first of two quarters of an arcsine distribution, Beta(1/2, 1/2), has 1/3: 2/pi asin(sqrt(1/4)).
    [TestMethod]
    public void Shares_of_one_half_have_the_arcsine_distribution()
    {
        int below = 0;
        for (uint i = 0; i < Samples; i++)
        {
            RandomStream random = new(2, RandomPurpose.Mixing, 0, i);
            below += SymmetricBeta.Draw(ref random, 0.5) < 0.25 ? 1 : 0;
        }

        Assert.AreEqual(Samples / 3.0, below, 4 * Math.Sqrt(Samples * 2 / 9.0));
    }

    [TestMethod]
    [DataRow(0.4f, 0f)]
    [DataRow(0f, 1f)]
    [DataRow(0.4f, 1f)]
    public void The_share_of_a_class_is_the_share_of_its_pixels(float mixup, float cutMix)
    {
        // Images of one value each, which is their class: the mean of a mixed one is what class 1 counts.
        using InMemoryDataset images = Flat(60);
        SampleMixing mixing = SampleMixing.Of(images, new TrainingOptions { Mixup = mixup, CutMix = cutMix, Seed = 4 })!;
        float[] pixels = new float[images.Shape.ElementCount];
        int means = 0;
        int cuts = 0;
        for (int epoch = 0; epoch < 3; epoch++)
        {
            for (int sample = 0; sample < images.Count; sample++)
            {
                images.ReadSample(sample, pixels);
                float[] target = new float[2];
                images.ReadTarget(sample, target);
                mixing.Apply(epoch, sample, pixels, target);
                ClassTarget classes = mixing.TargetOf(epoch, sample);
                double ofOne = (classes.Share * classes.First) + ((1.0 - classes.Share) * classes.Second);
                Assert.AreEqual(sample % 2, classes.First);
                Assert.AreEqual(ofOne, pixels.Average(), 1e-5, $"epoch {epoch}, sample {sample}");
                Assert.AreEqual(ofOne, target[1], 1e-5);
                Assert.AreEqual(1, target[0] + target[1], 1e-5);
                bool isMixed = classes.First != classes.Second && classes.Share is > 0.01f and < 0.99f;
                bool isCut = pixels.All(pixel => pixel is 0 or 1);
                cuts += isMixed && isCut ? 1 : 0;
                means += isMixed && !isCut ? 1 : 0;
            }
        }

        Assert.AreEqual(mixup > 0, means > 20, $"{means} means");
        Assert.AreEqual(cutMix > 0, cuts > 20, $"{cuts} cuts");
    }

    [TestMethod]
    public void CutMix_puts_the_other_images_pixels_where_they_are_there()
    {
        using InMemoryDataset images = new(new Shape(6, 8, 2), 2);
        float[][] pixels = [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 96).Select(p => (float)((i * 1000) + p)).ToArray())];
        images.Add(pixels[0], 0);
        images.Add(pixels[1], 1);
        SampleMixing mixing = SampleMixing.Of(images, new TrainingOptions { CutMix = 1 })!;
        bool wasMixed = false;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            float[] mixed = [.. pixels[0]];
            mixing.Apply(epoch, 0, mixed, default);
            int[] changed = [.. Enumerable.Range(0, 96).Where(p => mixed[p] != pixels[0][p])];
            Assert.IsTrue(changed.All(p => mixed[p] == pixels[1][p]));

            // A rectangle: all channels of all rows and columns between the first and the last.
            if (changed.Length > 0)
            {
                int rows = changed.Select(p => p / 16).Distinct().Count();
                int columns = changed.Select(p => p % 16 / 2).Distinct().Count();
                Assert.AreEqual(rows * columns * 2, changed.Length);
                Assert.AreEqual(1 - (rows * columns / 48.0), mixing.TargetOf(epoch, 0).Share, 1e-6);
                wasMixed = true;
            }
        }

        Assert.IsTrue(wasMixed);
    }

    [TestMethod]
    public void What_a_sample_is_mixed_with_follows_from_seed_epoch_and_sample_alone()
    {
        using InMemoryDataset images = Flat(50);
        TrainingOptions options = new() { Mixup = 0.2f, CutMix = 1, Seed = 3 };
        SampleMixture[] first = Draw(options, epoch: 2);
        CollectionAssert.AreEqual(first, Draw(options, epoch: 2));
        CollectionAssert.AreNotEqual(first, Draw(options, epoch: 3));
        CollectionAssert.AreNotEqual(first, Draw(options with { Seed = 4 }, epoch: 2));
        Assert.IsTrue(first.Select(mixture => mixture.Partner).Distinct().Count() > 20);

        SampleMixture[] Draw(TrainingOptions options, int epoch)
        {
            SampleMixing mixing = SampleMixing.Of(images, options)!;
            SampleMixture[] drawn = new SampleMixture[images.Count];
            Parallel.For(0, images.Count, sample => drawn[sample] = mixing.Draw(epoch, sample));
            return drawn;
        }
    }

    [TestMethod]
    public void Samples_without_a_class_are_left_alone_and_mixed_with_none()
    {
        using InMemoryDataset images = new(new Shape(2, 2, 1), 2);
        for (int i = 0; i < 30; i++)
        {
            images.Add([i, i, i, i], (i % 3) - 1);
        }

        SampleMixing mixing = SampleMixing.Of(images, new TrainingOptions { Mixup = 1 })!;
        for (int sample = 0; sample < 30; sample++)
        {
            SampleMixture mixture = mixing.Draw(0, sample);
            Assert.IsTrue(mixture.Partner == sample || (images.LabelOf(sample) >= 0 && images.LabelOf(mixture.Partner) >= 0));
        }
    }

    [TestMethod]
    public void Mixed_trainings_end_in_the_same_bits_at_any_number_of_threads_and_in_others_than_unmixed_ones()
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 8, Mixup = 0.4f, CutMix = 1, NumberOfThreads = 1, LearningRate = 0.02f };
        int[] one = Train(options);
        CollectionAssert.AreEqual(one, Train(options with { NumberOfThreads = 4 }));
        CollectionAssert.AreNotEqual(one, Train(options with { CutMix = 0 }));
        CollectionAssert.AreNotEqual(one, Train(options with { Mixup = 0 }));
        CollectionAssert.AreNotEqual(one, Train(options with { Mixup = 0, CutMix = 0 }));
        CollectionAssert.AreNotEqual(one, Train(options with { Loss = new SoftmaxCrossEntropy { ClassWeights = new(1, 3) } }));
        CollectionAssert.AreNotEqual(one, Train(options with { Loss = new HuberLoss() }));
    }

    [TestMethod]
    public void Several_batches_of_a_step_are_as_one_large_batch_with_weights_of_classes_too()
    {
        TrainingOptions large = new()
        {
            Epochs = 1,
            BatchSize = 16,
            Mixup = 0.5f,
            Loss = new SoftmaxCrossEntropy { ClassWeights = new(1, 4) },
            KeepBest = false,
            LearningRate = 0.1f,
        };
        float[] expected = [.. Train(large).Select(BitConverter.Int32BitsToSingle)];
        float[] received = [.. Train(large with { BatchSize = 4, AccumulatedBatches = 4 }).Select(BitConverter.Int32BitsToSingle)];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], received[i], 1e-5);
        }
    }

    [TestMethod]
    public void Parameters_out_of_range_and_samples_that_are_no_images_are_refused()
    {
        Refuse(new TrainingOptions { Mixup = -1 }, SmallImages.Network, "The parameter of mixup is at least 0. Received: -1.");
        Refuse(new TrainingOptions { CutMix = float.NaN }, SmallImages.Network, "The parameter of CutMix is at least 0. Received: NaN.");
        Refuse(new TrainingOptions { CutMix = 1 }, Network.Input([4]).Dense(2), "CutMix is for images [H, W, C]. Received: samples of 4.");
    }

    private static void Refuse(TrainingOptions options, Network network, string message) => StringAssert.StartsWith(
        Assert.ThrowsExactly<ArgumentException>(() => options.Require(network, isValidated: false)).Message, message);

    private static InMemoryDataset Flat(int count)
    {
        InMemoryDataset images = new(new Shape(8, 8, 1), 2);
        for (int i = 0; i < count; i++)
        {
            images.Add(Enumerable.Repeat((float)(i % 2), 64).ToArray(), i % 2);
        }

        return images;
    }

    private static int[] Train(TrainingOptions options)
    {
        using InMemoryDataset images = SmallImages.Make(48, seed: 1);
        return Train(images, options);
    }

    private static int[] Train(ImageDataset images, TrainingOptions options)
    {
        using Weights weights = NetworkTrainer.Train(SmallImages.Network, images, options).Weights;
        return [.. weights.Names.SelectMany(name => MemoryMarshal.Cast<float, int>(weights[name].Span).ToArray())];
    }
}
