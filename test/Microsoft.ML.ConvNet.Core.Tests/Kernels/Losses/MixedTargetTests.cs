using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Losses;

/// <summary>Losses of rows whose target is two classes, each with a share: the mean of both losses by their shares.</summary>
[TestClass]
public sealed unsafe class MixedTargetTests
{
    private const float Scale = 0.25f;

    private delegate void Kernel(
        WorkerGang gang, int rows, int classes, float* x, int* target, float* loss, float* dx, float* weights, int* second, float* shares);

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.1f)]
    public void The_cross_entropy_is_that_of_soft_targets(float smoothing)
    {
        // -sum t_j log softmax(x)_j for targets t that are both one-hot vectors by their shares, smoothed.
        Check(
            (x, first, second, share, _) => Enumerable.Range(0, x.Length).Sum(j =>
            {
                double target = ((j == first ? share : 0) + (j == second ? 1 - share : 0)) * (1 - smoothing);
                return -(target + (smoothing / x.Length)) * Math.Log(LossOracle.Softmax(x)[j]);
            }),
            isWeighted: false,
            (gang, rows, classes, x, target, loss, dx, _, second, shares) => CrossEntropy.ForwardBackward(
                gang, rows, classes, x, target, loss, dx, Scale, smoothing, null, second, shares));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.1f)]
    public void Weights_of_classes_count_for_each_of_both(float smoothing) => Check(
        (x, first, second, share, weights) => (share * LossOracle.WeightedCrossEntropy(x, first, smoothing, weights))
            + ((1 - share) * LossOracle.WeightedCrossEntropy(x, second, smoothing, weights)),
        isWeighted: true,
        (gang, rows, classes, x, target, loss, dx, weights, second, shares) => CrossEntropy.ForwardBackward(
            gang, rows, classes, x, target, loss, dx, Scale, smoothing, weights, second, shares));

    [TestMethod]
    [DataRow(0f)]
    [DataRow(2f)]
    public void The_focal_loss_is_the_mean_of_both(float gamma) => Check(
        (x, first, second, share, weights) => (share * LossOracle.Focal(x, first, gamma, weights)) + ((1 - share) * LossOracle.Focal(x, second, gamma, weights)),
        isWeighted: true,
        (gang, rows, classes, x, target, loss, dx, weights, second, shares) => Focal.ForwardBackward(
            gang, rows, classes, x, target, loss, dx, Scale, gamma, weights, second, shares));

    private static void Check(Func<double[], int, int, double, double[], double> oracle, bool isWeighted, Kernel kernel)
    {
        const int Rows = 5;
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        foreach (int classes in (int[])[2, 5, 16, 17, 33])
        {
            float[] logits = GuardedFloats.Uniform(classes, Rows * classes);
            float[] weights = [.. Enumerable.Range(0, classes).Select(c => 0.5f + (c % 3))];
            int[] first = [.. Enumerable.Range(0, Rows).Select(row => row == 1 ? -1 : row * 7 % classes)];

            // Another class, the same one, and none.
            int[] second = [.. Enumerable.Range(0, Rows).Select(row => row == 3 ? first[row] : row == 4 ? -1 : ((row * 3) + 1) % classes)];
            float[] shares = [0.25f, 0.5f, 0.9f, 0.3f, 0.4f];
            double[] losses = new double[Rows];
            double[] gradient = new double[Rows * classes];
            for (int row = 0; row < Rows; row++)
            {
                if (first[row] < 0)
                {
                    continue;
                }

                double[] x = [.. logits.AsSpan(row * classes, classes).ToArray().Select(value => (double)value)];
                double[] w = [.. weights.Select(value => isWeighted ? value : 1.0)];
                (int other, double share) = second[row] < 0 ? (first[row], 1) : (second[row], shares[row]);
                losses[row] = oracle(x, first[row], other, share, w);
                double[] slopes = LossOracle.Gradient(v => oracle(v, first[row], other, share, w), x);
                slopes.Select(slope => slope * Scale).ToArray().CopyTo(gradient, row * classes);
            }

            using GuardedFloats input = new(logits);
            using GuardedFloats loss = new(Rows, fill: 9f);
            using GuardedFloats dx = new(logits.Length, fill: 9f);
            fixed (int* target = first, another = second)
            {
                fixed (float* ofClasses = weights, ofFirst = shares)
                {
                    kernel(gang, Rows, classes, input.Pointer, target, loss.Pointer, dx.Pointer, ofClasses, another, ofFirst);
                    loss.AssertClose(losses, 2e-6, 1e-6, $"{classes} classes, loss");
                    dx.AssertClose(gradient, 1e-5, 1e-6, $"{classes} classes, gradient");
                    kernel(gang, Rows, classes, input.Pointer, target, null, input.Pointer, ofClasses, another, ofFirst);
                    input.AssertSameBits(dx.Values, $"{classes} classes, in place");
                }
            }
        }
    }
}
