using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>A network that gives probabilities without a softmax at its end is trained and measured as it is, without a second softmax.</summary>
[TestClass]
public sealed class ProbabilityOutputTests
{
    private const int Classes = 3;
    private const int Length = 4;

    [TestMethod]
    public void The_loss_of_sigmoids_is_the_logarithm_of_their_share()
    {
        Network network = Network.Input(new Shape(Length)).Dense(Classes).Sigmoid();
        using Weights weights = Weights.Initialize(network, 3);
        ImageDataset data = Data(9);
        using InferenceModel model = new(network, weights, numberOfThreads: 1);
        double expected = 0;
        for (int i = 0; i < data.Count; i++)
        {
            float[] scores = new float[Classes];
            model.Predict(Sample(i), 1, scores);
            expected -= Math.Log(scores[i % Classes] / scores.Sum(score => (double)score)) / data.Count;
        }

        Assert.AreEqual(expected, NetworkTrainer.Evaluate(network, weights, data).Loss, 1e-6);
    }

    [TestMethod]
    public void Training_through_a_softmax_that_is_halved_gives_the_weights_of_training_through_the_softmax()
    {
        float[] plain = Trained(x => x.Softmax());
        float[] halved = Trained(x => x.Softmax().Scale(0.5f));
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.AreEqual(plain[i], halved[i], 1e-4);
        }
    }

    [TestMethod]
    public void Squares_are_taken_of_the_outputs_themselves()
    {
        Network network = Network.Input(new Shape(Length)).Dense(Classes).Sigmoid();
        using Weights weights = Weights.Initialize(network, 3);
        ImageDataset data = Data(9);
        using InferenceModel model = new(network, weights, numberOfThreads: 1);
        double expected = 0;
        for (int i = 0; i < data.Count; i++)
        {
            float[] scores = new float[Classes];
            model.Predict(Sample(i), 1, scores);
            expected += scores.Select((score, k) => Math.Pow(score - (k == i % Classes ? 1 : 0), 2)).Average() / data.Count;
        }

        Assert.AreEqual(expected, NetworkTrainer.Evaluate(network, weights, data, new SquaredError()).Loss, 1e-6);
    }

    [TestMethod]
    public void The_user_can_say_that_outputs_are_logits()
    {
        Network network = Network.Input(new Shape(Length)).Dense(Classes).Sigmoid();
        using Weights weights = Weights.Initialize(network, 3);
        double asProbabilities = NetworkTrainer.Evaluate(network, weights, Data(9)).Loss;
        double asLogits = NetworkTrainer.Evaluate(network, weights, Data(9), new SoftmaxCrossEntropy { Outputs = OutputKind.Logits }).Loss;
        Assert.IsGreaterThan(0.01, Math.Abs(asProbabilities - asLogits));
    }

    private static float[] Trained(Func<SymbolicTensor, SymbolicTensor> end)
    {
        Network network = end(Network.Input(new Shape(Length)).Dense(Classes, name: "dense"));
        using Weights first = Weights.Initialize(network, 3);
        TrainingResult result = NetworkTrainer.Train(
            network, Data(30), new TrainingOptions { Epochs = 5, BatchSize = 10, Optimizer = new Sgd { LearningRate = 0.5f }, Seed = 1 }, first);
        using Weights weights = result.Weights;
        return weights["dense.weight"].Span.ToArray();
    }

    private static float[] Sample(int i) => [.. Enumerable.Range(0, Length).Select(place => MathF.Sin((7 * i) + place) + (place == i % Classes ? 1 : 0))];

    private static InMemoryDataset Data(int count)
    {
        InMemoryDataset data = new(new Shape(Length), Classes);
        for (int i = 0; i < count; i++)
        {
            data.Add(Sample(i), i % Classes);
        }

        return data;
    }
}
