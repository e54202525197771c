using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Callbacks;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Callbacks;

/// <summary>The running average of weights.</summary>
[TestClass]
public sealed class WeightAverageTests
{
    private static readonly Network Network =
        Network.Input(6, 6, 1).Conv(4, 3).BatchNorm().Relu().MaxPool(2).Flatten().Dense(2).Softmax();

    [TestMethod]
    public void What_the_training_gives_is_the_average_of_what_each_step_left()
    {
        using InMemoryDataset training = SmallImages.Make(40, seed: 1);
        Recorder recorder = new();
        TrainingOptions options = new()
        {
            Epochs = 3,
            BatchSize = 8,
            LearningRate = 0.1f,
            KeepBest = false,
            Callbacks = [recorder, new WeightAverage(0.4f)],
        };
        using Weights received = NetworkTrainer.Train(Network, training, options).Weights;
        double[] average = recorder.First!;
        for (int step = 1; step <= recorder.Steps.Count; step++)
        {
            double kept = Math.Min(0.4f, (1.0 + step) / (10.0 + step));
            for (int i = 0; i < average.Length; i++)
            {
                average[i] = (kept * average[i]) + ((1 - kept) * recorder.Steps[step - 1][i]);
            }
        }

        double[] values = Recorder.ValuesOf(received);
        Assert.HasCount(15, recorder.Steps);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.AreEqual(average[i], values[i], 1e-5, $"weight {i}");
        }
    }

    [TestMethod]
    public void Epochs_are_judged_by_the_average_and_the_best_average_is_kept()
    {
        using InMemoryDataset training = SmallImages.Make(40, seed: 1);
        using InMemoryDataset validation = SmallImages.Make(40, seed: 2);
        TrainingOptions options = new()
        {
            Epochs = 4,
            BatchSize = 8,
            LearningRate = 0.1f,
            ValidationSet = validation,
            Callbacks = [new WeightAverage(0.9f), new KeepBest(TrainingMetric.ValidationLoss)],
        };
        TrainingResult result = NetworkTrainer.Train(Network, training, options);
        using Weights weights = result.Weights;
        EvaluationResult judged = NetworkTrainer.Evaluate(Network, weights, validation);
        Assert.AreEqual(result.Epochs[result.WeightsEpoch - 1].ValidationLoss!.Value, judged.Loss, 1e-6);
    }

    private sealed class Recorder : TrainingCallback
    {
        public double[]? First { get; private set; }

        public List<double[]> Steps { get; } = [];

        public static double[] ValuesOf(Weights weights) =>
            [.. weights.Names.SelectMany(name => weights[name].Span.ToArray()).Select(value => (double)value)];

        public override void OnTrainingBegin(TrainingState state) => First = ValuesOf(state.Weights);

        public override void OnStepEnd(TrainingState state, in TrainingProgress progress) => Steps.Add(ValuesOf(state.Weights));
    }
}
