using Microsoft.ML.ConvNet.Core.Tests.Zoo;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Losses;

/// <summary>Losses and gradients of a training session, and the losses of an evaluation, against PyTorch's.</summary>
[TestClass]
public sealed unsafe class PyTorchLossTests
{
    private const int Rows = 4;
    private const int Outputs = 5;
    private const float FirstShare = 0.3f;
    private static readonly int[] Classes = [0, 3, 1, 3];
    private static readonly int[] SecondClasses = [2, 3, 4, 0];

    public static IEnumerable<object[]> Losses
    {
        get
        {
            ClassWeights weights = new(0.5f, 2, 1, 0.25f, 3);
            return
            [
                ["cross-entropy", new SoftmaxCrossEntropy()],
                ["cross-entropy, smoothing", new SoftmaxCrossEntropy(0.2f)],
                ["cross-entropy, weights", new SoftmaxCrossEntropy { ClassWeights = weights }],
                ["cross-entropy, weights, smoothing", new SoftmaxCrossEntropy(0.2f) { ClassWeights = weights }],
                ["focal, gamma 2", new FocalLoss()],
                ["focal, gamma 0.5, weights", new FocalLoss(0.5f) { ClassWeights = weights }],
                ["cross-entropy, mixed", new SoftmaxCrossEntropy()],
                ["cross-entropy, mixed, smoothing", new SoftmaxCrossEntropy(0.2f)],
                ["huber, delta 1", new HuberLoss()],
                ["huber, delta 0.5", new HuberLoss(0.5f)],
                ["binary cross-entropy", new BinaryCrossEntropy()],
            ];
        }
    }

    [TestMethod]
    public void Every_loss_of_PyTorch_is_compared() => CollectionAssert.AreEquivalent(
        PyTorchLosses.Losses.Keys.ToArray(), Losses.Select(loss => (string)loss[0]).ToArray());

    [TestMethod]
    [DynamicData(nameof(Losses))]
    public void Losses_and_gradients_are_those_of_PyTorch(string name, Loss loss)
    {
        (double expected, double[] gradient) = PyTorchLosses.Losses[name];
        Network network = Identity();
        using Weights weights = IdentityWeights(network);
        using TrainingSession session = new(network, weights, loss, Rows, 1, seed: 1, inputGradient: true, mixes: IsMixed(name));
        Logits().CopyTo(new Span<float>(session.Inputs, Rows * Outputs));
        for (int row = 0; row < Rows; row++)
        {
            if (session.TargetClasses != null)
            {
                session.TargetClasses[row] = Classes[row];
                if (session.SecondClasses != null)
                {
                    (session.SecondClasses[row], session.FirstShares[row]) = (SecondClasses[row], FirstShare);
                }
            }
            else
            {
                Targets(loss, row).CopyTo(new Span<float>(session.TargetValues + (row * Outputs), Outputs));
            }
        }

        session.Step(Rows, epoch: 0);
        double sum = Enumerable.Range(0, Rows).Sum(row => (double)session.Losses[row]);
        Assert.AreEqual(expected, sum / WeightOf(loss), 2e-6);
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.AreEqual(gradient[i], session.InputGradients[i], 1e-6, $"gradient {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Losses))]
    public void An_evaluation_measures_the_loss_that_training_makes_small(string name, Loss loss)
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> logits = Logits().AsSpan(row * Outputs, Outputs);
            sum += IsMixed(name)
                ? (FirstShare * loss.Measure(logits, Classes[row], areProbabilities: false))
                    + ((1 - FirstShare) * loss.Measure(logits, SecondClasses[row], areProbabilities: false))
                : loss.TargetsAreClasses ? loss.Measure(logits, Classes[row], areProbabilities: false)
                : loss.Measure(logits, Targets(loss, row), areProbabilities: false);
        }

        Assert.AreEqual(PyTorchLosses.Losses[name].Loss, sum / WeightOf(loss), 2e-7);
    }

    private static bool IsMixed(string name) => name.Contains("mixed", StringComparison.Ordinal);

    private static double WeightOf(Loss loss) => loss.TargetsAreClasses ? Classes.Sum(loss.WeightOf) : Rows;

    private static Network Identity() => Network.Input(new Shape(Outputs)).Dense(Outputs, name: "same");

    private static Weights IdentityWeights(Network network)
    {
        Weights weights = new(network);
        for (int i = 0; i < Outputs; i++)
        {
            weights["same.weight"].Span[i * (Outputs + 1)] = 1;
        }

        return weights;
    }

    private static float[] Logits() => [.. Hashed("logits").Select(value => 3 * value)];

    private static float[] Targets(Loss loss, int row) =>
        [.. Hashed("targets")[(row * Outputs)..((row + 1) * Outputs)].Select(value => loss is HuberLoss ? value : value > 0 ? 1f : 0f)];

    private static float[] Hashed(string name)
    {
        float[] numbers = new float[Rows * Outputs];
        HashedNumbers.Fill(name, numbers);
        return numbers;
    }
}
