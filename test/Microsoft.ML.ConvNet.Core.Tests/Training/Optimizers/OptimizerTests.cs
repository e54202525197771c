using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Optimizers;

namespace Microsoft.ML.ConvNet.Core.Tests.Training.Optimizers;

/// <summary>
/// Two steps of each optimizer on a weight and a bias of 1, with the gradients 0.5 and 0.25 and the learning rate 0.1, against numbers
/// worked out by hand from the published rules.
/// </summary>
[TestClass]
public sealed unsafe class OptimizerTests
{
    [TestMethod]
    public void Sgd_without_momentum_follows_the_gradient()
    {
        // 1 - 0.1 0.5 = 0.95; 0.95 - 0.1 0.25 = 0.925
        AssertSteps(new Sgd { LearningRate = 0.1f, Momentum = 0 }, (0.95, 0.95), (0.925, 0.925));
    }

    [TestMethod]
    public void Sgd_with_momentum_keeps_part_of_its_last_step()
    {
        // v = 0.5; 1 - 0.05 = 0.95. v = 0.45 + 0.25 = 0.7; 0.95 - 0.07 = 0.88
        AssertSteps(new Sgd { LearningRate = 0.1f, Momentum = 0.9f }, (0.95, 0.95), (0.88, 0.88));
    }

    [TestMethod]
    public void Sgd_with_nesterovs_momentum_looks_ahead()
    {
        // v = 0.5, d = 0.5 + 0.45 = 0.95; 0.905. v = 0.45 + 0.25 = 0.7, d = 0.25 + 0.63 = 0.88; 0.905 - 0.088 = 0.817
        AssertSteps(new Sgd { LearningRate = 0.1f, Momentum = 0.9f, Nesterov = true }, (0.905, 0.905), (0.817, 0.817));
    }

    [TestMethod]
    public void Weight_decay_of_sgd_applies_to_weights_and_not_to_biases()
    {
        // g = 0.5 + 0.2 1 = 0.7; 0.93. g = 0.25 + 0.2 0.93 = 0.436; 0.93 - 0.0436 = 0.8864
        AssertSteps(new Sgd { LearningRate = 0.1f, Momentum = 0, WeightDecay = 0.2f }, (0.93, 0.95), (0.8864, 0.925));
    }

    [TestMethod]
    public void Adam_divides_by_the_size_of_the_gradients()
    {
        // m' = 0.5, v' = 0.25; 1 - 0.1 0.5 / 0.5 = 0.9. m = 0.07, m' = 0.07 / 0.19 = 0.3684211;
        // v = 0.00031225, v' = 0.00031225 / 0.001999 = 0.1562031, root 0.3952254; 0.9 - 0.1 0.9321796 = 0.8067820
        AssertSteps(new Adam { LearningRate = 0.1f }, (0.9, 0.9), (0.8067820, 0.8067820));
    }

    [TestMethod]
    public void Weight_decay_of_AdamW_shrinks_the_weights_beside_the_step()
    {
        // 1 (1 - 0.1 0.5) - 0.1 = 0.85; 0.85 0.95 - 0.0932180 = 0.7142820
        AssertSteps(new AdamW { LearningRate = 0.1f, WeightDecay = 0.5f }, (0.85, 0.9), (0.7142820, 0.8067820));
    }

    [TestMethod]
    public void Weight_decay_of_Adam_is_part_of_the_gradient()
    {
        // g = 0.5 + 0.5 1 = 1; 1 - 0.1 = 0.9. g = 0.25 + 0.45 = 0.7: m = 0.16, m' = 0.16 / 0.19 = 0.8421053;
        // v = 0.000999 + 0.00049 = 0.001489, v' = 0.001489 / 0.001999 = 0.7448724, root 0.8630599; 0.9 - 0.1 0.9757206 = 0.8024279
        AssertSteps(new Adam { LearningRate = 0.1f, WeightDecay = 0.5f }, (0.9, 0.9), (0.8024279, 0.8067820));
    }

    [TestMethod]
    public void Without_decay_AdamW_takes_the_steps_of_Adam() =>
        AssertSteps(new AdamW { LearningRate = 0.1f, WeightDecay = 0 }, (0.9, 0.9), (0.8067820, 0.8067820));

    [TestMethod]
    public void Adam_and_AdamW_begin_with_the_settings_of_PyTorch()
    {
        // torch.optim.Adam(lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0); AdamW has weight_decay=0.01.
        foreach (AdaptiveMoments optimizer in new AdaptiveMoments[] { new Adam(), new AdamW() })
        {
            Assert.AreEqual(0.001f, optimizer.LearningRate);
            Assert.AreEqual((0.9f, 0.999f, 1e-8f), (optimizer.Beta1, optimizer.Beta2, optimizer.Epsilon));
        }

        Assert.AreEqual(0, new Adam().WeightDecay);
        Assert.AreEqual(0.01f, new AdamW().WeightDecay);
        Assert.AreEqual("Adam", new Adam().Name);
        Assert.AreEqual("AdamW", new AdamW().Name);
    }

    [TestMethod]
    public void The_others_begin_with_the_settings_of_PyTorch_and_Lion_with_those_of_its_paper()
    {
        // torch.optim.RMSprop(lr=0.01, alpha=0.99, eps=1e-08, weight_decay=0, momentum=0, centered=False)
        RmsProp rmsProp = new();
        Assert.AreEqual((0.01f, 0.99f, 1e-8f, 0f), (rmsProp.LearningRate, rmsProp.Alpha, rmsProp.Epsilon, rmsProp.WeightDecay));
        Assert.AreEqual((0f, false, "RMSProp"), (rmsProp.Momentum, rmsProp.IsCentered, rmsProp.Name));

        // torch.optim.Adagrad(lr=0.01, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10)
        Adagrad adagrad = new();
        Assert.AreEqual((0.01f, 0f, 1e-10f, 0f), (adagrad.LearningRate, adagrad.LearningRateDecay, adagrad.Epsilon, adagrad.WeightDecay));
        Assert.AreEqual((0f, "Adagrad"), (adagrad.InitialAccumulator, adagrad.Name));

        // torch.optim.Adadelta(lr=1.0, rho=0.9, eps=1e-06, weight_decay=0)
        Adadelta adadelta = new();
        Assert.AreEqual((1f, 0.9f, 1e-6f, 0f), (adadelta.LearningRate, adadelta.Rho, adadelta.Epsilon, adadelta.WeightDecay));
        Assert.AreEqual("Adadelta", adadelta.Name);

        // torch.optim.NAdam(lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, momentum_decay=0.004, decoupled_weight_decay=False)
        NAdam nadam = new();
        Assert.AreEqual((2e-3f, 0.9f, 0.999f, 1e-8f), (nadam.LearningRate, nadam.Beta1, nadam.Beta2, nadam.Epsilon));
        Assert.AreEqual((0f, 4e-3f, false, "NAdam"), (nadam.WeightDecay, nadam.MomentumDecay, nadam.DecoupledWeightDecay, nadam.Name));

        // Lion(learning_rate=1e-4, b1=0.9, b2=0.99, wd=0.0) of google/automl
        Lion lion = new();
        Assert.AreEqual((1e-4f, 0.9f, 0.99f, 0f), (lion.LearningRate, lion.Beta1, lion.Beta2, lion.WeightDecay));
        Assert.AreEqual("Lion", lion.Name);
    }

    [TestMethod]
    public void Settings_out_of_range_are_named()
    {
        Refuse(new Sgd { LearningRate = 0 }, "SGD: the learning rate is more than 0. Received: 0.");
        Refuse(new Sgd { LearningRate = float.NaN }, "Received: NaN");
        Refuse(new Sgd { Momentum = 1 }, "SGD: the momentum is at least 0 and less than 1. Received: 1.");
        Refuse(new Sgd { Momentum = 0, Nesterov = true }, "Nesterov");
        Refuse(new Sgd { WeightDecay = -1 }, "SGD: the weight decay is at least 0. Received: -1.");
        Refuse(new Adam { Beta1 = -0.5f }, "Adam: the beta1 is at least 0 and less than 1. Received: -0.5.");
        Refuse(new Adam { Beta2 = 1 }, "beta2");
        Refuse(new Adam { Epsilon = 0 }, "epsilon");
        Refuse(new AdamW { WeightDecay = -1 }, "AdamW: the weight decay is at least 0. Received: -1.");
        Refuse(new Sgd { L1Decay = -1 }, "SGD: the L1 decay is at least 0. Received: -1.");
        Refuse(new RmsProp { Alpha = 1 }, "RMSProp: the alpha is at least 0 and less than 1. Received: 1.");
        Refuse(new RmsProp { Epsilon = 0 }, "RMSProp: the epsilon is more than 0. Received: 0.");
        Refuse(new RmsProp { Momentum = 1 }, "RMSProp: the momentum is at least 0 and less than 1. Received: 1.");
        Refuse(new Adagrad { LearningRateDecay = -1 }, "Adagrad: the decay of the learning rate is at least 0. Received: -1.");
        Refuse(new Adagrad { InitialAccumulator = -1 }, "Adagrad: the initial accumulator is at least 0. Received: -1.");
        Refuse(new Adagrad { Epsilon = 0 }, "Adagrad: the epsilon is more than 0. Received: 0.");
        Refuse(new Adadelta { Rho = 1 }, "Adadelta: the rho is at least 0 and less than 1. Received: 1.");
        Refuse(new Adadelta { Epsilon = 0 }, "Adadelta: the epsilon is more than 0. Received: 0.");
        Refuse(new NAdam { Beta1 = 1 }, "NAdam: the beta1 is at least 0 and less than 1. Received: 1.");
        Refuse(new NAdam { Beta2 = -1 }, "NAdam: the beta2 is at least 0 and less than 1. Received: -1.");
        Refuse(new NAdam { Epsilon = 0 }, "NAdam: the epsilon is more than 0. Received: 0.");
        Refuse(new NAdam { MomentumDecay = -1 }, "NAdam: the decay of the momentum is at least 0. Received: -1.");
        Refuse(new Lion { Beta1 = 1 }, "Lion: the beta1 is at least 0 and less than 1. Received: 1.");
        Refuse(new Lion { Beta2 = 1 }, "Lion: the beta2 is at least 0 and less than 1. Received: 1.");
    }

    private static void Refuse(Optimizer optimizer, string message) =>
        Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(optimizer.Check).Message);

    private static void AssertSteps(Optimizer optimizer, params (double Weight, double Bias)[] expected)
    {
        Network network = Network.Input(new Shape(1)).Dense(1, name: "dense");
        using Weights weights = new(network);
        Span<float> weight = weights["dense.weight"].Span;
        Span<float> bias = weights["dense.bias"].Span;
        weight[0] = 1;
        bias[0] = 1;
        using OptimizerState state = new(optimizer, weights);
        using NativeBuffer gradients = new((nuint)weights.Length * sizeof(float));
        float[] slopes = [0.5f, 0.25f];
        optimizer.Check();
        for (int i = 0; i < expected.Length; i++)
        {
            gradients.Floats[0] = slopes[i];
            gradients.Floats[16] = slopes[i];
            using WorkerGang gang = WorkerPool.Shared.Lease(1);
            optimizer.Update(gang, weights.Pointer, gradients.Floats, [new TrainableRun(0, 16, Decays: true), new TrainableRun(16, 16, Decays: false)], state, optimizer.LearningRate);
            Assert.AreEqual(expected[i].Weight, weight[0], 1e-5, $"weight, step {i + 1}");
            Assert.AreEqual(expected[i].Bias, bias[0], 1e-5, $"bias, step {i + 1}");
        }
    }
}
