using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Threading;
using static Microsoft.ML.ConvNet.Core.Tests.WorkedExamples.Computation;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

/// <summary>Functions of single elements at points that are easily reckoned, or that their papers print.</summary>
[TestClass]
public class FunctionExamples
{
    [TestMethod]
    public void Selu_has_the_papers_constants() =>
        AssertNumbers("1.050700987 2.101401975 -1.111330738 -1.758099341", Run(Network.Input([4]).Selu(), [1, 2, -1, -100]));

    [TestMethod]
    public void Selu_keeps_mean_zero_and_variance_one()
    {
        const int Count = 200_000;
        RandomStream random = new(1, RandomPurpose.Synthesis);
        float[] normal = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            normal[i] = (float)random.NextNormal();
        }

        float[] y = Run(Network.Input([Count]).Selu(), normal);
        double mean = y.Average(value => (double)value);
        Assert.AreEqual(0, mean, 0.01, "mean");
        Assert.AreEqual(1, y.Average(value => (value - mean) * (value - mean)), 0.02, "variance");
    }

    [TestMethod]
    public void Celu_of_one_half_bends_twice_as_fast() =>
        AssertNumbers("2 -0.432332358", Run(Network.Input([2]).Celu(0.5f), [2, -1]));

    [TestMethod]
    public void Relu6_ends_at_six() =>
        AssertNumbers("0 0 3 6 6 6", Run(Network.Input([6]).Relu6(), [-1, 0, 3, 6, 7, float.PositiveInfinity]));

    [TestMethod]
    public void Thresholded_relu_passes_only_what_is_above() =>
        AssertNumbers("0 0 1.5", Run(Network.Input([3]).ThresholdedRelu(), [0.5f, 1, 1.5f]));

    [TestMethod]
    public void Hard_functions_are_straight_lines()
    {
        AssertNumbers("0 0.3333333 0.5 0.8333333 1", Run(Network.Input([5]).HardSigmoid(), [-3, -1, 0, 2, 4]));
        AssertNumbers("0 -0.3333333 0 1.6666667 4", Run(Network.Input([5]).HardSwish(), [-3, -1, 0, 2, 4]));
    }

    [TestMethod]
    public void Mish_softsign_and_the_approximation_of_gelu_have_their_values()
    {
        AssertNumbers("0 0.865098388 -0.303401461", Run(Network.Input([3]).Mish(), [0, 1, -1]));
        AssertNumbers("0 0.5 -0.75", Run(Network.Input([3]).Softsign(), [0, 1, -3]));
        AssertNumbers("0 0.841191991 -0.158808009 2.996362608", Run(Network.Input([4]).Gelu(approximate: true), [0, 1, -1, 3]));
    }

    [TestMethod]
    public void Exponential_logarithm_root_and_reciprocal_undo_each_other()
    {
        AssertNumbers("0.1 2 30", Run(Network.Input([3]).Log().Exp(), [0.1f, 2, 30]));
        AssertNumbers("-20 0.001 3", Run(Network.Input([3]).Exp().Log(), [-20, 0.001f, 3]));
        AssertNumbers("0.25 3", Run(Network.Input([2]).Sqrt(), [0.0625f, 9]));
        AssertNumbers("-4 0.5", Run(Network.Input([2]).Reciprocal().Negate(), [0.25f, -2]));
        AssertNumbers("4 0.5", Run(Network.Input([2]).Abs(), [-4, 0.5f]));
    }

    [TestMethod]
    public void Prelu_begins_with_a_quarter_as_in_its_paper_and_takes_a_weight_a_channel()
    {
        Network network = Network.Input(1, 2, 3).Prelu();
        using Weights weights = Weights.Initialize(network, seed: 1);
        AssertNumbers("0.25 0.25 0.25", weights["prelu1.weight"].Span.ToArray());
        AssertNumbers("1 -1 -6 -0.5 5 6", Run(network, [1, -2, -3, -4, 5, 6], weight: [0.125f, 0.5f, 2]));
        AssertNumbers("1 4 6 8 5 6", Run(Network.Input(1, 2, 3).Prelu(shared: true), [1, -2, -3, -4, 5, 6], weight: [-2]));
    }

    [TestMethod]
    public void Log_softmax_gives_the_logarithms_of_shares_however_small()
    {
        float[] logits = [0, MathF.Log(2), MathF.Log(7)];
        AssertNumbers("-2.302585093 -1.609437912 -0.356674944", Run(Network.Input([3]).LogSoftmax(), logits));
        AssertNumbers("0 -1000 -2000", Run(Network.Input([3]).LogSoftmax(), [1000, 0, -1000]));
    }
}
