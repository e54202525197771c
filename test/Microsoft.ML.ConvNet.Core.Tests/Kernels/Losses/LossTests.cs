using Microsoft.ML.ConvNet.Core.Tests.Oracles;
using Microsoft.ML.ConvNet.Kernels.Losses;
using Microsoft.ML.ConvNet.Kernels.Normalization;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Losses;

[TestClass]
public sealed unsafe class LossTests
{
    private static readonly int[] Columns = [1, 2, 5, 10, 16, 17, 33, 100, 1000];

    private delegate void RowLossKernel(
        WorkerGang gang, int rows, int columns, float* x, float* target, float* loss, float* dx, float scale);

    private delegate void WeightedKernel(
        WorkerGang gang, int rows, int classes, float* x, int* target, float* loss, float* dx, float scale, float* classWeights);

    [TestMethod]
    public void Softmax_and_its_gradient_are_those_of_the_definition() =>
        ForAll((gang, rows, classes, logits) =>
        {
            double[] expected = new double[rows * classes];
            double[] gradient = new double[rows * classes];
            float[] weights = GuardedFloats.Uniform(classes + 1, rows * classes);
            for (int row = 0; row < rows; row++)
            {
                double[] probabilities = LossOracle.Softmax(Row(logits, row, classes));
                double[] w = Row(weights, row, classes);
                double mean = probabilities.Zip(w, (p, g) => p * g).Sum();
                for (int c = 0; c < classes; c++)
                {
                    expected[(row * classes) + c] = probabilities[c];
                    gradient[(row * classes) + c] = probabilities[c] * (w[c] - mean);
                }
            }

            using GuardedFloats x = new(logits);
            using GuardedFloats y = new(logits.Length);
            using GuardedFloats dy = new(weights);
            using GuardedFloats dx = new(logits.Length, fill: 0.5f);
            Softmax.Forward(gang, rows, classes, x.Pointer, y.Pointer);
            y.AssertClose(expected, 3e-6, 1e-30, $"{classes} classes");
            Softmax.Backward(gang, rows, classes, y.Pointer, dy.Pointer, dx.Pointer, accumulate: true);
            dx.AssertClose(Array.ConvertAll(gradient, v => v + 0.5), 1e-6, 1e-6, $"{classes} classes, gradient added");
            Softmax.Backward(gang, rows, classes, y.Pointer, dy.Pointer, dy.Pointer, accumulate: false);
            dy.AssertClose(gradient, 1e-5, 1e-6, $"{classes} classes, gradient in place");
            Softmax.Forward(gang, rows, classes, x.Pointer, x.Pointer);
            x.AssertSameBits(y.Values, $"{classes} classes, in place");
        });

    [TestMethod]
    public void Softmax_withstands_large_logits_and_passes_NaN_on()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        using GuardedFloats x = new([1e30f, -1e30f, 1e30f, 88f, 89f, float.NegativeInfinity, 1f, float.NaN, 2f]);
        Softmax.Forward(gang, 3, 3, x.Pointer, x.Pointer);
        x.AssertClose([0.5, 0, 0.5, 1 / (1 + Math.E), Math.E / (1 + Math.E), 0, double.NaN, double.NaN, double.NaN], 1e-6, 0, "softmax");
    }

    [TestMethod]
    public void Cross_entropy_and_its_gradient_are_those_of_the_definition()
    {
        foreach (float smoothing in (float[])[0f, 0.1f])
        {
            ForAll((gang, rows, classes, logits) =>
            {
                const float Scale = 0.25f;
                int[] targets = new int[rows];
                double[] losses = new double[rows];
                double[] gradient = new double[rows * classes];
                for (int row = 0; row < rows; row++)
                {
                    targets[row] = row == 1 ? -1 : row * 7 % classes;
                    if (targets[row] >= 0)
                    {
                        double[] x = Row(logits, row, classes);
                        losses[row] = LossOracle.CrossEntropy(x, targets[row], smoothing);
                        double[] slopes = LossOracle.Gradient(v => LossOracle.CrossEntropy(v, targets[row], smoothing), x);
                        for (int c = 0; c < classes; c++)
                        {
                            gradient[(row * classes) + c] = slopes[c] * Scale;
                        }
                    }
                }

                using GuardedFloats input = new(logits);
                using GuardedFloats loss = new(rows, fill: 9f);
                using GuardedFloats dx = new(logits.Length, fill: 9f);
                fixed (int* target = targets)
                {
                    CrossEntropy.ForwardBackward(gang, rows, classes, input.Pointer, target, loss.Pointer, null, Scale, smoothing);
                    loss.AssertClose(losses, 2e-6, 1e-6, $"{classes} classes, loss alone");
                    loss.Values.Clear();
                    CrossEntropy.ForwardBackward(gang, rows, classes, input.Pointer, target, loss.Pointer, dx.Pointer, Scale, smoothing);
                    loss.AssertClose(losses, 2e-6, 1e-6, $"{classes} classes, loss");
                    dx.AssertClose(gradient, 1e-5, 1e-6, $"{classes} classes, gradient");
                    CrossEntropy.ForwardBackward(gang, rows, classes, input.Pointer, target, null, input.Pointer, Scale, smoothing);
                    input.AssertSameBits(dx.Values, $"{classes} classes, in place");
                }
            });
        }
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.1f)]
    public void Weights_of_classes_multiply_what_each_class_adds_to_the_cross_entropy(float smoothing) => CheckWeighted(
        (x, target, weights) => LossOracle.WeightedCrossEntropy(x, target, smoothing, weights),
        (gang, rows, classes, x, target, loss, dx, scale, weights) =>
            CrossEntropy.ForwardBackward(gang, rows, classes, x, target, loss, dx, scale, smoothing, weights));

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.5f)]
    [DataRow(2f)]
    public void The_focal_loss_and_its_gradient_are_those_of_the_definition(float gamma) => CheckWeighted(
        (x, target, weights) => LossOracle.Focal(x, target, gamma, weights),
        (gang, rows, classes, x, target, loss, dx, scale, weights) =>
            Focal.ForwardBackward(gang, rows, classes, x, target, loss, dx, scale, gamma, weights));

    [TestMethod]
    public void The_focal_loss_of_a_class_that_is_found_for_certain_is_zero()
    {
        using WorkerGang gang = WorkerPool.Shared.Lease(1);
        foreach (float gamma in (float[])[0f, 0.5f, 2f])
        {
            using GuardedFloats x = new([200f, 0f, -5f]);
            using GuardedFloats loss = new(1);
            int target = 0;
            Focal.ForwardBackward(gang, 1, 3, x.Pointer, &target, loss.Pointer, x.Pointer, 1f, gamma);
            loss.AssertClose([0], 0, 1e-12, "loss");
            x.AssertClose([0, 0, 0], 0, 1e-12, "gradient");
        }
    }

    [TestMethod]
    [DataRow(0.4f)]
    [DataRow(1f)]
    public void Hubers_loss_and_its_gradient_are_those_of_the_definition(float delta) => CheckRowLoss(
        (gang, rows, columns, x, target, loss, dx, scale) => Huber.ForwardBackward(gang, rows, columns, x, target, loss, dx, scale, delta),
        (x, target) => LossOracle.Huber(x, target, delta));

    [TestMethod]
    public void Squared_error_and_its_gradient_are_those_of_the_definition() =>
        CheckRowLoss(SquaredError.ForwardBackward, LossOracle.SquaredError);

    [TestMethod]
    public void Binary_cross_entropy_and_its_gradient_are_those_of_the_definition() =>
        CheckRowLoss(BinaryCrossEntropy.ForwardBackward, LossOracle.BinaryCrossEntropy);

    [TestMethod]
    public void Bits_depend_neither_on_the_number_of_threads_nor_on_the_rows()
    {
        const int Rows = 301;
        const int Classes = 133;
        float[] logits = GuardedFloats.Uniform(1, Rows * Classes, -5f, 5f);
        float[] all = ThreadCounts.SameBits("losses", gang => Run(gang, Rows, Classes, logits));
        using WorkerGang single = WorkerPool.Shared.Lease(1);
        float[] last = Run(single, 1, Classes, logits[^Classes..]);
        CollectionAssert.AreEqual(all[((Rows - 1) * Classes)..(Rows * Classes)], last[..Classes]);
        CollectionAssert.AreEqual(all[^1..], last[^1..]);
    }

    private static float[] Run(WorkerGang gang, int rows, int classes, float[] logits)
    {
        int[] targets = new int[rows];
        using GuardedFloats x = new(logits);
        using GuardedFloats y = new(logits.Length);
        using GuardedFloats loss = new(rows);
        Softmax.Forward(gang, rows, classes, x.Pointer, y.Pointer);
        Softmax.Backward(gang, rows, classes, y.Pointer, x.Pointer, y.Pointer, accumulate: true);
        SquaredError.ForwardBackward(gang, rows, classes, x.Pointer, y.Pointer, loss.Pointer, y.Pointer, 2f);
        fixed (int* target = targets)
        {
            CrossEntropy.ForwardBackward(gang, rows, classes, x.Pointer, target, loss.Pointer, x.Pointer, 1f);
        }

        return [.. y.Values, .. x.Values, .. loss.Values];
    }

    private static void CheckWeighted(Func<double[], int, double[], double> expected, WeightedKernel kernel) =>
        ForAll((gang, rows, classes, logits) =>
        {
            const float Scale = 0.25f;
            float[] weights = GuardedFloats.Uniform(classes + 3, classes, 0f, 3f);
            double[] exact = Array.ConvertAll(weights, w => (double)w);
            int[] targets = new int[rows];
            double[] losses = new double[rows];
            double[] gradient = new double[rows * classes];
            for (int row = 0; row < rows; row++)
            {
                targets[row] = row == 1 ? -1 : row * 7 % classes;
                if (targets[row] >= 0)
                {
                    double[] x = Row(logits, row, classes);
                    losses[row] = expected(x, targets[row], exact);
                    double[] slopes = LossOracle.Gradient(v => expected(v, targets[row], exact), x);
                    for (int c = 0; c < classes; c++)
                    {
                        gradient[(row * classes) + c] = slopes[c] * Scale;
                    }
                }
            }

            using GuardedFloats input = new(logits);
            using GuardedFloats ofClasses = new(weights);
            using GuardedFloats loss = new(rows, fill: 9f);
            using GuardedFloats dx = new(logits.Length, fill: 9f);
            fixed (int* target = targets)
            {
                kernel(gang, rows, classes, input.Pointer, target, loss.Pointer, null, Scale, ofClasses.Pointer);
                loss.AssertClose(losses, 5e-6, 2e-6, $"{classes} classes, loss alone");
                kernel(gang, rows, classes, input.Pointer, target, null, dx.Pointer, Scale, ofClasses.Pointer);
                dx.AssertClose(gradient, 2e-5, 2e-6, $"{classes} classes, gradient");
                kernel(gang, rows, classes, input.Pointer, target, null, input.Pointer, Scale, ofClasses.Pointer);
                input.AssertSameBits(dx.Values, $"{classes} classes, in place");
            }
        });

    private static void CheckRowLoss(RowLossKernel kernel, Func<double[], double[], double> expected) =>
        ForAll((gang, rows, columns, predictions) =>
        {
            const float Scale = 0.5f;
            float[] targets = GuardedFloats.Uniform(columns + 2, predictions.Length, 0f, 1f);
            double[] losses = new double[rows];
            double[] gradient = new double[rows * columns];
            for (int row = 0; row < rows; row++)
            {
                double[] target = Row(targets, row, columns);
                losses[row] = expected(Row(predictions, row, columns), target);
                double[] slopes = LossOracle.Gradient(v => expected(v, target), Row(predictions, row, columns));
                for (int c = 0; c < columns; c++)
                {
                    gradient[(row * columns) + c] = slopes[c] * Scale;
                }
            }

            using GuardedFloats x = new(predictions);
            using GuardedFloats t = new(targets);
            using GuardedFloats loss = new(rows);
            using GuardedFloats dx = new(predictions.Length);
            kernel(gang, rows, columns, x.Pointer, t.Pointer, null, dx.Pointer, Scale);
            dx.AssertClose(gradient, 1e-5, 1e-6, $"{columns} columns, gradient");
            kernel(gang, rows, columns, x.Pointer, t.Pointer, loss.Pointer, null, Scale);
            loss.AssertClose(losses, 3e-6, 0, $"{columns} columns, loss");
            loss.Values.Clear();
            kernel(gang, rows, columns, x.Pointer, t.Pointer, loss.Pointer, x.Pointer, Scale);
            loss.AssertClose(losses, 3e-6, 0, $"{columns} columns, loss with the gradient in place");
            x.AssertSameBits(dx.Values, $"{columns} columns, in place");
        });

    private static double[] Row(float[] matrix, int row, int columns) =>
        Array.ConvertAll(matrix[(row * columns)..((row + 1) * columns)], v => (double)v);

    private static void ForAll(Action<WorkerGang, int, int, float[]> check)
    {
        const int Rows = 3;
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        foreach (int columns in Columns)
        {
            check(gang, Rows, columns, GuardedFloats.Uniform(columns, Rows * columns, -6f, 6f));
        }
    }
}
