using Microsoft.ML.ConvNet.Core.Tests.Layers;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>Functions behind convolutions, products and normalisations: applied by the op before them where that can be.</summary>
[TestClass]
public unsafe class FunctionFusionTests
{
    private const int Batch = 5;

    // They leave the range of numbers, or of their arguments, when they are applied twice; the chains below have them.
    private static readonly Type[] OnlyInChains = [typeof(Exp), typeof(Log), typeof(Sqrt), typeof(Reciprocal)];

    private static readonly Dictionary<string, Func<SymbolicTensor, SymbolicTensor>> Functions = new(
        from registration in LayerRegistrations.All
        where registration.LayerType.IsSubclassOf(typeof(ActivationLayer)) && !OnlyInChains.Contains(registration.LayerType)
        from layer in registration.Cases.Select(tried => tried.Layer).Distinct()
        select KeyValuePair.Create<string, Func<SymbolicTensor, SymbolicTensor>>(layer.ToString(), x => x.Apply(layer)))
    {
        ["exponential and root"] = x => x.Exp().Sqrt(),
        ["exponential, negation and logarithm"] = x => x.Exp().Negate().Exp().Log(),
        ["softplus and reciprocal"] = x => x.Softplus().Reciprocal(),
        ["prelu"] = x => x.Prelu(),
        ["group normalisation and relu"] = x => x.GroupNorm(2).Relu(),
        ["instance normalisation, relu and max pooling"] = x => x.InstanceNorm().Relu().MaxPool(2),
        ["group normalisation and clipped relu"] = x => x.GroupNorm(1).Relu6(),
        ["local response normalisation"] = x => x.Relu().LocalResponseNorm(alpha: 1),
    };

    public static IEnumerable<object[]> Names => Functions.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Scores_losses_and_all_gradients_are_those_of_the_definition(string name)
    {
        // The first convolution has images in the lanes of vectors, the second one channels.
        Network network = Functions[name](Functions[name](Network.Input(8, 8, 2).Conv(4, 3)).Conv(48, 3, padding: 1)).Flatten().Dense(5);
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 11);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 12);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(inference.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, $"{name}, inference");
        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2, maximumBatch: Batch + 2);
        run.AssertEquals(new NetworkOracle(network, weights, inputs, Batch, isTraining: true), targets, 5e-5, 5e-4, name);
    }

    [TestMethod]
    public void What_follows_from_the_output_is_fused_in_training_and_everything_in_inference()
    {
        foreach ((Layer layer, bool inTraining) in new (Layer, bool)[]
        {
            (new ClippedReLU(0.8f), true), (new HardSigmoid(), true), (new SELU(), true), (new Mish(), false),
        })
        {
            string name = layer.ToString();
            Network network = Network.Input(6, 6, 8).Conv(16, 3).Apply(layer);
            Assert.AreEqual(0, Count<ActivationOp>(Planner.ForInference(network, PlanOptions.Default)), $"{name}, inference");
            Plan training = Planner.ForTraining(network, new MeanSquares(), PlanOptions.Default, isFrozen: null, inputGradient: false);
            Assert.AreEqual(inTraining, Count<ActivationOp>(training) == 0, $"{name}, training");
        }

        Network normalized = Network.Input(6, 6, 8).GroupNorm(2).Relu();
        Assert.AreEqual(0, Count<ActivationOp>(Planner.ForInference(normalized, PlanOptions.Default)));
    }

    [TestMethod]
    public void Cross_entropy_takes_log_softmax_off_as_it_does_softmax()
    {
        (float[] losses, float[] gradient) = StepOf(input => input.Softmax());
        (float[] others, float[] otherGradient) = StepOf(input => input.LogSoftmax());
        Closeness.AssertSameBits(losses, others, "losses");
        Closeness.AssertSameBits(gradient, otherGradient, "gradient");

        static (float[] Losses, float[] Gradient) StepOf(Func<SymbolicTensor, SymbolicTensor> end)
        {
            Network network = end(Network.Input([7]).Dense(4));
            using Weights weights = TestWeights.Create(network);
            using TrainingSession session = new(network, weights, new CrossEntropyOfClasses(), 3, 1, seed: 1, inputGradient: true);
            DistinctNumbers.Create(21, seed: 5).CopyTo(new Span<float>(session.Inputs, 21));
            new[] { 2, 0, 3 }.CopyTo(new Span<int>(session.TargetClasses, 3));
            session.Step(3, epoch: 0);
            return (new Span<float>(session.Losses, 3).ToArray(), new Span<float>(session.InputGradients, 21).ToArray());
        }
    }

    private static int Count<TOp>(Plan plan) => plan.Steps.Count(step => step.Node.Op is TOp);

    private sealed class CrossEntropyOfClasses : ILossFunction
    {
        public bool ReplacesSoftmax => true;

        public LossOp Lower(Shape outputs) => new CrossEntropyLossOp(outputs.ElementCount, LabelSmoothing: 0);
    }
}
