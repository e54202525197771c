using Microsoft.ML.ConvNet.Networks;
using static Microsoft.ML.ConvNet.Core.Tests.WorkedExamples.Computation;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

/// <summary>The functions of the lectures, at points whose values tables give.</summary>
[TestClass]
public class ActivationExamples
{
    [TestMethod]
    public void Softmax_of_logarithms_gives_their_shares() =>
        AssertNumbers("0.1 0.2 0.7", Run(Network.Input([3]).Softmax(), [0, MathF.Log(2), MathF.Log(7)]));

    [TestMethod]
    public void Softmax_of_1_2_3_gives_the_textbooks_numbers() =>
        AssertNumbers("0.09003057 0.24472847 0.66524096", Run(Network.Input([3]).Softmax(), [1, 2, 3]));

    [TestMethod]
    public void Softmax_does_not_change_when_a_number_is_added_to_all_however_large()
    {
        float[] shifted = Run(Network.Input([3]).Softmax(), [1001, 1002, 1003]);
        AssertNumbers("0.09003057 0.24472847 0.66524096", shifted);
        AssertNumbers("0.09003057 0.24472847 0.66524096", Run(Network.Input([3]).Softmax(), [-999, -998, -997]));
    }

    [TestMethod]
    public void Sigmoid_is_a_half_at_zero_and_its_values_at_plus_and_minus_add_up_to_one() => AssertNumbers(
        "0.5 0.880797078 0.119202922 1 0", Run(Network.Input([5]).Sigmoid(), [0, 2, -2, 100, -100]));

    [TestMethod]
    public void Tanh_is_odd_and_ends_at_one() =>
        AssertNumbers("0 0.761594156 -0.761594156 1 -1", Run(Network.Input([5]).Tanh(), [0, 1, -1, 50, -50]));

    [TestMethod]
    public void Relu_keeps_what_is_positive() => AssertNumbers("0 0 3 0.5", Run(Network.Input([4]).Relu(), [-2, 0, 3, 0.5f]));

    [TestMethod]
    public void Softplus_is_the_logarithm_of_two_at_zero_and_the_identity_far_out() => AssertNumbers(
        "0.693147181 1.313261688 0.313261688 100 0", Run(Network.Input([5]).Softplus(), [0, 1, -1, 100, -100]));

    [TestMethod]
    public void Leaky_relu_and_elu_let_some_of_the_negative_through()
    {
        AssertNumbers("-0.2 2", Run(Network.Input([2]).LeakyRelu(0.1f), [-2, 2]));
        AssertNumbers("-0.864664717 2", Run(Network.Input([2]).Elu(), [-2, 2]));
    }

    [TestMethod]
    public void Silu_and_gelu_have_their_papers_values()
    {
        AssertNumbers("0 0.731058579 -0.268941421", Run(Network.Input([3]).Silu(), [0, 1, -1]));
        AssertNumbers("0 0.841344746 -0.158655254", Run(Network.Input([3]).Gelu(), [0, 1, -1]));
    }
}
