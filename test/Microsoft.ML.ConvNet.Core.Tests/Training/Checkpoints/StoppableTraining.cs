using System.Runtime.InteropServices;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Checkpoints;

/// <summary>A training of a moment with batch normalisation and dropout, which tests stop and go on with.</summary>
internal static class StoppableTraining
{
    /// <summary>The number of training images.</summary>
    public const int Samples = 52;

    /// <summary>The images of a step.</summary>
    public const int BatchSize = 8;

    /// <summary>The epochs of a whole training.</summary>
    public const int Epochs = 4;

    /// <summary>Seven batches, the last of four images.</summary>
    public const int StepsOfAnEpoch = 7;

    /// <summary>The network.</summary>
    public static readonly Network TrainedNetwork = Network.Input(6, 6, 1)
        .Conv(4, 3).BatchNorm().Relu().Dropout(0.2f).MaxPool(2).Flatten().Dense(6).Relu().Dropout(0.3f).Dense(2).Softmax();

    /// <summary>An augmentation with something of each kind.</summary>
    public static readonly ImageAugmentation Augmentation = new()
    {
        RotationRange = 20,
        WidthShiftRange = 0.2f,
        HorizontalFlip = true,
        Policy = new TrivialAugment(),
        Erasing = new RandomErasing(),
    };

    /// <summary>The checkpoints in a folder, the oldest first.</summary>
    public static string[] CheckpointsIn(string folder) =>
        [.. Directory.GetFiles(folder, "*.checkpoint").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>How it is trained, with validation after each epoch.</summary>
    public static TrainingOptions Options() => new()
    {
        Epochs = Epochs,
        BatchSize = BatchSize,
        Seed = 5,
        ValidationSet = SmallImages.Make(20, seed: 2),
    };

    /// <summary>Saves to a folder every few steps, and goes on from there.</summary>
    public static CheckpointSaving Saving(string folder) => new(folder) { Resume = true, EverySteps = 4 };

    /// <summary>Trains to the end and gives the bytes of the weights.</summary>
    public static byte[] Train(TrainingOptions options, out TrainingResult result, ImageAugmentation? augmentation = null)
    {
        using InMemoryDataset images = SmallImages.Make(Samples, seed: 1);
        ImageDataset training = augmentation == null ? images : new NormalizedDataset(new AugmentedDataset(images, augmentation, seed: 3), 0, 1);
        result = NetworkTrainer.Train(TrainedNetwork, training, options);
        using Weights weights = result.Weights;
        return [.. weights.Names.SelectMany(name => MemoryMarshal.AsBytes(weights[name].Span).ToArray())];
    }

    /// <summary>Trains to the end; the weights are freed.</summary>
    public static TrainingResult Train(TrainingOptions options)
    {
        _ = Train(options, out TrainingResult result);
        return result;
    }

    /// <summary>Trains until it is cancelled behind a step; the weights are freed.</summary>
    public static TrainingResult TrainUntil(int step, TrainingOptions options, string folder, ImageAugmentation? augmentation = null)
    {
        using CancellationTokenSource source = new();
        int steps = 0;
        TrainingOptions stopped = options with
        {
            Callbacks = [.. options.Callbacks, Saving(folder)],
            CancellationToken = source.Token,
            BatchCompleted = _ =>
            {
                if (++steps == step)
                {
                    source.Cancel();
                }
            },
        };
        _ = Train(stopped, out TrainingResult result, augmentation);
        return result;
    }
}
