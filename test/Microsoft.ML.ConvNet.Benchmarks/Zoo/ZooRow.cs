using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks.Zoo;

/// <summary>An architecture at full size: what it costs, by its definition and as measured.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="Summary">Parameters and multiply-adds.</param>
/// <param name="Planning">The time from the network to a model that is ready to score.</param>
/// <param name="Scoring">The median time of an image.</param>
/// <param name="ScoringBytes">The native memory that scoring takes: weights, packed weights, activations and working memory.</param>
/// <param name="Training">The time of a training step.</param>
/// <param name="TrainingBytes">The native memory that it takes.</param>
/// <param name="Loss">The loss of the first batch.</param>
internal sealed record ZooRow(
    Architecture Architecture,
    NetworkSummary Summary,
    TimeSpan Planning,
    TimeSpan Scoring,
    long ScoringBytes,
    TimeSpan Training,
    long TrainingBytes,
    double Loss)
{
    /// <summary>The images of a training step.</summary>
    public const int TrainingBatch = 2;

    private const int Runs = 3;

    /// <summary>The head of the table.</summary>
    public static string Head =>
        "| name | year | input | parameters | multiply-adds | plan ms | image ms | MB | training step ms | MB | loss |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|";

    /// <summary>Runs an architecture.</summary>
    /// <exception cref="InvalidOperationException">A score or the loss is not finite.</exception>
    public static ZooRow Measure(Architecture architecture)
    {
        Network network = architecture.Create(classes: architecture.Classes);
        using Weights weights = Weights.Initialize(network, seed: 1);
        Stopwatch watch = Stopwatch.StartNew();
        using InferenceModel model = new(network, weights);
        TimeSpan planning = watch.Elapsed;
        PlanProfile scoring = model.Profile(batch: 1, Runs);
        TrainingOptions options = new() { BatchSize = TrainingBatch, Epochs = 1, Optimizer = new Sgd { LearningRate = 1e-4f, Momentum = 0.9f } };
        PlanProfile training = NetworkTrainer.Profile(network, options, weights, runs: 1);
        return new ZooRow(
            architecture,
            network.Summary(),
            planning,
            scoring.Time,
            scoring.Memory.TotalBytes,
            training.Time,
            training.Memory.TotalBytes,
            LossOf(network, weights, options));
    }

    /// <summary>The row of the table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Architecture.Name} | {Architecture.Year} | {Architecture.DefaultInput} | {Summary.ParameterCount:N0} | {Summary.MultiplyAdds:N0} "
        + $"| {Planning.TotalMilliseconds:F0} | {Scoring.TotalMilliseconds:F1} | {ScoringBytes / 1e6:F0} "
        + $"| {Training.TotalMilliseconds:F0} | {TrainingBytes / 1e6:F0} | {Loss:F2} |");

    private static double LossOf(Network network, Weights weights, TrainingOptions options)
    {
        using InMemoryDataset images = new(network.InputShape, network.OutputShape.ElementCount);
        Random random = new(1);
        float[] image = new float[network.InputShape.ElementCount];
        for (int i = 0; i < TrainingBatch; i++)
        {
            for (int k = 0; k < image.Length; k++)
            {
                image[k] = (2 * random.NextSingle()) - 1;
            }

            images.Add(image, i);
        }

        TrainingResult result = NetworkTrainer.Train(network, images, options, weights);
        using Weights trained = result.Weights;
        double loss = result.Epochs[0].Loss;
        return double.IsFinite(loss)
            ? loss
            : throw new InvalidOperationException($"The loss of {network.Name} is a finite number. Received: {loss}.");
    }
}
