using System.Globalization;
using Microsoft.ML.ConvNet.Core.Tests.Zoo;
using static TorchSharp.torch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Goldens;

/// <summary>PyTorch's losses of four hashed samples of five outputs, and their gradients.</summary>
internal static class LossGradients
{
    private const int Rows = 4;
    private const int Outputs = 5;

    private static readonly (string Name, Func<Tensor, Tensor> Loss)[] Losses =
    [
        ("cross-entropy", x => nn.functional.cross_entropy(x, Classes())),
        ("cross-entropy, smoothing", x => nn.functional.cross_entropy(x, Classes(), label_smoothing: 0.2f)),
        ("cross-entropy, weights", x => nn.functional.cross_entropy(x, Classes(), Weights())),
        ("cross-entropy, weights, smoothing", x => nn.functional.cross_entropy(x, Classes(), Weights(), label_smoothing: 0.2f)),
        ("focal, gamma 2", x => Focal(x, 2, ones(Outputs, ScalarType.Float64))),
        ("focal, gamma 0.5, weights", x => Focal(x, 0.5, Weights())),
        ("cross-entropy, mixed", x => nn.functional.cross_entropy(x, Soft())),
        ("cross-entropy, mixed, smoothing", x => nn.functional.cross_entropy(x, Soft(), label_smoothing: 0.2f)),
        ("huber, delta 1", x => nn.functional.huber_loss(x, Values(), delta: 1)),
        ("huber, delta 0.5", x => nn.functional.huber_loss(x, Values(), delta: 0.5)),
        ("binary cross-entropy", x => nn.functional.binary_cross_entropy_with_logits(x, Flags())),
    ];

    /// <summary>Writes them.</summary>
    public static void Write(TextWriter writer)
    {
        foreach ((string name, Func<Tensor, Tensor> loss) in Losses)
        {
            using IDisposable scope = NewDisposeScope();
            Tensor x = (3 * Hashed("logits")).detach().requires_grad_(true);
            Tensor value = loss(x);
            value.backward();
            writer.WriteLine($"        [\"{name}\"] = ({Text(value.item<double>())},");
            writer.WriteLine("        [");
            foreach (double[] row in x.grad!.data<double>().ToArray().Chunk(Outputs))
            {
                writer.WriteLine($"            {string.Join(", ", row.Select(Text))},");
            }

            writer.WriteLine("        ]),");
        }
    }

    // PyTorch has no focal loss of classes: that of the paper, with PyTorch's mean by weights.
    private static Tensor Focal(Tensor x, double gamma, Tensor weights)
    {
        Tensor logarithm = nn.functional.log_softmax(x, 1).gather(1, Classes().unsqueeze(1)).squeeze(1);
        Tensor own = weights[Classes()];
        return -(own * (1 - logarithm.exp()).pow(gamma) * logarithm).sum() / own.sum();
    }

    private static Tensor Classes() => tensor([0L, 3L, 1L, 3L]);

    // Each row's class by 0.3, and another by 0.7.
    private static Tensor Soft() => (0.3 * nn.functional.one_hot(Classes(), Outputs)) + (0.7 * nn.functional.one_hot(tensor([2L, 3L, 4L, 0L]), Outputs));

    private static Tensor Weights() => tensor([0.5, 2, 1, 0.25, 3], ScalarType.Float64);

    private static Tensor Values() => Hashed("targets");

    private static Tensor Flags() => (Hashed("targets") > 0).to(ScalarType.Float64);

    private static Tensor Hashed(string name)
    {
        float[] numbers = new float[Rows * Outputs];
        HashedNumbers.Fill(name, numbers);
        return tensor(numbers, [Rows, Outputs]).to(ScalarType.Float64);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
