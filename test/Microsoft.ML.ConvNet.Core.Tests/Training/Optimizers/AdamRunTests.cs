using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Optimizers;

/// <summary>
/// Runs of many steps of Adam and of AdamW against the algorithms as PyTorch documents them (torch.optim.Adam, torch.optim.AdamW), written
/// down once more in double, line by line. The gradient of a step is the sum of that of a bowl, w - target, and of noise, so that the
/// decay, the means and their corrections all matter.
/// </summary>
[TestClass]
public sealed class AdamRunTests
{
    private const int Count = 24;
    private const int Steps = 50;
    private const float Rate = 0.02f;

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.3f)]
    public void Adam_takes_the_steps_of_PyTorchs_Adam(float decay) =>
        AssertRun(new Adam { LearningRate = Rate, WeightDecay = decay, Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f }, (m, w, slope, t) =>
        {
            // if weight_decay != 0: g = g + weight_decay * param
            double g = slope + (decay * w);
            return w - m.Change(g, t);
        });

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.3f)]
    public void AdamW_takes_the_steps_of_PyTorchs_AdamW(float decay) =>
        AssertRun(new AdamW { LearningRate = Rate, WeightDecay = decay, Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f }, (m, w, slope, t) =>
        {
            // param = param - lr * weight_decay * param
            double shrunk = w - (Rate * (double)decay * w);
            return shrunk - m.Change(slope, t);
        });

    [TestMethod]
    public void The_first_step_is_that_of_the_hand()
    {
        // Step 1: m' = g, v' = g^2, so that the step is the learning rate, 0.1, against the sign of g, but for epsilon.
        // Adam: g = -0.2 + 0.5 2 = 0.8, 2 - 0.1 = 1.9. AdamW: 2 - 0.1 0.5 2 = 1.9, g = -0.2, 1.9 + 0.1 = 2.
        Assert.AreEqual(1.9, FirstStep(new Adam { LearningRate = 0.1f, WeightDecay = 0.5f }), 1e-6);
        Assert.AreEqual(2.0, FirstStep(new AdamW { LearningRate = 0.1f, WeightDecay = 0.5f }), 1e-6);
    }

    private static float FirstStep(Optimizer optimizer)
    {
        using OptimizerRun run = new(optimizer, 1);
        run.Weights[0] = 2;
        run.Gradients[0] = -0.2f;
        run.Step();
        return run.Weights[0];
    }

    private static void AssertRun(AdaptiveMoments optimizer, Func<Moments, double, double, int, double> next)
    {
        Random random = new(3);
        using OptimizerRun run = new(optimizer, Count);
        double[] w = new double[Count];
        Moments[] moments = [.. Enumerable.Range(0, Count).Select(_ => new Moments(optimizer))];
        for (int i = 0; i < Count; i++)
        {
            run.Weights[i] = random.NextSingle() - 0.5f;
            w[i] = run.Weights[i];
        }

        for (int t = 1; t <= Steps; t++)
        {
            for (int i = 0; i < Count; i++)
            {
                float gradient = (float)(w[i] - ((i % 5) - 2)) + random.NextSingle() - 0.5f;
                run.Gradients[i] = gradient;
                w[i] = next(moments[i], w[i], gradient, t);
            }

            run.Step();
            for (int i = 0; i < Count; i++)
            {
                Assert.AreEqual(w[i], run.Weights[i], 1e-5, $"weight {i}, step {t}");
            }
        }
    }

    /// <summary>exp_avg and exp_avg_sq of one parameter.</summary>
    private sealed class Moments(AdaptiveMoments optimizer)
    {
        private double _average;
        private double _averageOfSquares;

        /// <summary>lr * m_hat / (sqrt(v_hat) + eps) of step t.</summary>
        public double Change(double g, int t)
        {
            double beta1 = optimizer.Beta1;
            double beta2 = optimizer.Beta2;
            _average = (beta1 * _average) + ((1 - beta1) * g);
            _averageOfSquares = (beta2 * _averageOfSquares) + ((1 - beta2) * g * g);
            double mHat = _average / (1 - Math.Pow(beta1, t));
            double vHat = _averageOfSquares / (1 - Math.Pow(beta2, t));
            return optimizer.LearningRate * mHat / (Math.Sqrt(vHat) + optimizer.Epsilon);
        }
    }
}
