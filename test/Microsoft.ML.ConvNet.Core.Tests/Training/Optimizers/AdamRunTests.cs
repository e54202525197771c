using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Optimizers;

/// <summary>
/// Runs of many steps of Adam and of AdamW against the algorithms as PyTorch documents them (torch.optim.Adam, torch.optim.AdamW), written
/// down once more in double, line by line. The gradient of a step is the sum of that of a bowl, w - target, and of noise, so that the
/// decay, the means and their corrections all matter.
/// </summary>
[TestClass]
public sealed unsafe class AdamRunTests
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
        using Steppable steppable = new(optimizer, 1);
        steppable.Weights[0] = 2;
        steppable.Gradients[0] = -0.2f;
        steppable.Step();
        return steppable.Weights[0];
    }

    private static void AssertRun(AdaptiveMoments optimizer, Func<Moments, double, double, int, double> next)
    {
        Random random = new(3);
        using Steppable steppable = new(optimizer, Count);
        double[] w = new double[Count];
        Moments[] moments = [.. Enumerable.Range(0, Count).Select(_ => new Moments(optimizer))];
        for (int i = 0; i < Count; i++)
        {
            steppable.Weights[i] = random.NextSingle() - 0.5f;
            w[i] = steppable.Weights[i];
        }

        for (int t = 1; t <= Steps; t++)
        {
            for (int i = 0; i < Count; i++)
            {
                float gradient = (float)(w[i] - ((i % 5) - 2)) + random.NextSingle() - 0.5f;
                steppable.Gradients[i] = gradient;
                w[i] = next(moments[i], w[i], gradient, t);
            }

            steppable.Step();
            for (int i = 0; i < Count; i++)
            {
                Assert.AreEqual(w[i], steppable.Weights[i], 1e-5, $"weight {i}, step {t}");
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

    /// <summary>The weights of a layer, their gradient and an optimizer.</summary>
    private sealed class Steppable : IDisposable
    {
        private readonly Optimizer _optimizer;
        private readonly Weights _weights;
        private readonly OptimizerState _state;
        private readonly NativeBuffer _gradients;

        public Steppable(Optimizer optimizer, int count)
        {
            _optimizer = optimizer;
            _weights = new Weights(Network.Input(new Shape(count)).Dense(1, name: "dense"));
            _state = new OptimizerState(optimizer, _weights);
            _gradients = new NativeBuffer((nuint)_weights.Length * sizeof(float));
        }

        public Span<float> Weights => _weights["dense.weight"].Span;

        public Span<float> Gradients => new(_gradients.Floats, Weights.Length);

        public void Step()
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(1);
            _optimizer.Update(gang, _weights.Pointer, _gradients.Floats, [(0, Weights.Length, true)], _state, _optimizer.LearningRate);
        }

        public void Dispose()
        {
            _weights.Dispose();
            _state.Dispose();
            _gradients.Dispose();
        }
    }
}
