using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>Trainings whose images are augmented.</summary>
[TestClass]
public sealed class AugmentedTrainingTests
{
    private static readonly ImageAugmentation Augmentation = new()
    {
        WidthShiftRange = 0.2f,
        HorizontalFlip = true,
        BrightnessRange = (0.8f, 1.2f),
        GaussianNoise = 3,
    };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_weights_are_those_of_the_engine_that_augments_before_it_normalises()
    {
        Network network = Network.Input(8, 8, 1).Conv(6, 3).Relu().MaxPool(2).Flatten().Dense(3).Softmax();
        ConvNetTransformer model = BarModels.Train(_context, options =>
        {
            (options.NetworkBuilder, options.Network) = (null, network);
            options.Optimizer = new Sgd();
            options.LearningRateSchedule = new ConstantLearningRate();
            options.Seed = 7;
            options.Augmentation = Augmentation;
        });

        using InMemoryDataset rows = new(new Shape(8, 8, 1), 3);
        foreach (BarRow row in BarImages.Create(90))
        {
            rows.Add(row.Features, Array.IndexOf(BarImages.Classes, row.Label));
        }

        TrainingOptions options = new() { Epochs = 6, BatchSize = 16, LearningRate = 0.01f, Seed = 7 };
        NormalizedDataset training = new(new AugmentedDataset(rows, Augmentation, seed: 7), PixelNormalization.Measure(rows));
        using Weights expected = NetworkTrainer.Train(network, training, options).Weights;
        foreach (string name in expected.Names)
        {
            CollectionAssert.AreEqual(expected[name].Span.ToArray(), model.Weights[name].Span.ToArray(), name);
        }
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads_and_others_than_without()
    {
        uint[] one = Bits(options => (options.Augmentation, options.NumberOfThreads) = (Augmentation, 1));
        CollectionAssert.AreEqual(one, Bits(options => (options.Augmentation, options.NumberOfThreads) = (Augmentation, 4)));
        CollectionAssert.AreNotEqual(one, Bits(_ => { }));
    }

    [TestMethod]
    public void Validation_rows_stay_as_they_are()
    {
        IDataView validation = BarModels.Keyed(_context, BarImages.Create(30, seed: 2));
        ConvNetTransformer model = BarModels.Train(_context, options =>
        {
            options.ValidationSet = validation;
            options.KeepBest = false;
            options.Augmentation = Augmentation with { GaussianNoise = 60, RotationRange = 90 };
        });
        double logLoss = _context.MulticlassClassification.Evaluate(model.Transform(validation)).LogLoss;
        Assert.AreEqual(logLoss, model.TrainingReport[^1].ValidationLoss!.Value, 1e-4);
    }

    [TestMethod]
    public void An_augmentation_that_cannot_be_used_is_refused_before_rows_are_read()
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Augmentation = new ImageAugmentation { RotationRange = 200 };
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentException>(() => _context.MulticlassClassification.Trainers.ConvNet(options)).Message,
            "RotationRange is from 0 to 180. Received: 200.");
        options.Augmentation = new ImageAugmentation { HueRange = 0.1f };
        (options.NetworkBuilder, options.Network) = (null, Network.Input(4, 8, 2).Flatten().Dense(3));
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentException>(
                () => _context.MulticlassClassification.Trainers.ConvNet(options).Fit(BarModels.Keyed(_context, BarImages.Create(9)))).Message,
            "HueRange is for images of 1 or 3 channels. Received: 2 channels");
    }

    private uint[] Bits(Action<ConvNetMulticlassTrainer.Options> set) => BarModels.WeightBits(BarModels.Train(_context, options =>
    {
        options.Seed = 3;
        set(options);
    }));
}
