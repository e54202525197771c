using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Which networks give probabilities is told by how they compute them, however the last layer is called.</summary>
[TestClass]
public sealed class OutputAnalysisTests
{
    private static readonly Dictionary<string, float> Numbers = new() { ["low"] = 1e-7f, ["high"] = 0.999f, ["half"] = 0.5f, ["one"] = 1 };

    private static readonly Dictionary<string, Func<SymbolicTensor, SymbolicTensor>> Probabilities = new()
    {
        ["softmax"] = x => x.Softmax(),
        ["sigmoids"] = x => x.Sigmoid(),
        ["hard sigmoids"] = x => x.HardSigmoid(),
        ["softmax, dropout"] = x => x.Softmax().Dropout(0.5f),
        ["softmax, clipped"] = x => x.Softmax().Maximum(Number(x, "low")).Minimum(Number(x, "high")),
        ["softmax, halved"] = x => x.Softmax().Scale(0.5f),
        ["softmax in percent"] = x => x.Softmax().Scale(100),
        ["softmax times a constant"] = x => x.Softmax().Multiply(Number(x, "high")),
        ["softmax and a little"] = x => x.Softmax().Add(Number(x, "low")),
        ["mean of two"] = x => x.Softmax().Add(x.Dense(5).Softmax()).Multiply(Number(x, "half")),
        ["sum of two"] = x => x.Softmax().Add(x.Dense(5).Softmax()),
        ["written out"] = x => Shares(x.Subtract(x.Reduce(ReduceFunction.Max, [0])).Exp()),
        ["written out, something added to the sum"] = x => Shares(x.Exp(), sum => sum.Add(Number(x, "low"))),
        ["written out, with a reciprocal"] = x => WithReciprocal(x.Exp()),
        ["shares of what is not negative"] = x => Shares(x.Relu()),
        ["exponentials of the logarithms"] = x => x.LogSoftmax().Exp(),
        ["exponentials of the logarithms in percent"] = x => x.LogSoftmax().Exp().Scale(100),
        ["written out, with the sum's logarithm"] = x => x.Subtract(LogOfSum(x)).Exp(),
        ["written out, with the sum's logarithm and the largest taken away"] = x => Shifted(x).Subtract(LogOfSum(Shifted(x))).Exp(),
        ["written out, with the largest added to the sum's logarithm"] = x => WithLargest(x, Largest(x), Largest(x)),
        ["written out, with exponentials twice"] = x => x.Exp().Divide(x.Exp().Reduce(ReduceFunction.Sum, [0])),
        ["complements"] = x => Number(x, "one").Subtract(x.Sigmoid()),
        ["softmax of a row"] = x => x.Reshape([1, 5]).Softmax().Reshape([5]),
    };

    private static readonly Dictionary<string, Func<SymbolicTensor, SymbolicTensor>> Logits = new()
    {
        ["dense"] = x => x,
        ["relu"] = x => x.Relu(),
        ["clipped relu"] = x => x.ClippedRelu(6),
        ["tanh"] = x => x.Tanh(),
        ["logarithms of the softmax"] = x => x.LogSoftmax(),
        ["exponentials with the sum of another layer's"] = x => x.Dense(5).Exp().Divide(x.Dense(5).Exp().Reduce(ReduceFunction.Sum, [0])),
        ["dense behind a softmax"] = x => x.Softmax().Dense(5),
        ["numbers that are gated"] = x => x.ClippedRelu(6).Multiply(x.Sigmoid()),
        ["shares of another sum"] = x => x.Exp().Divide(x.Dense(5).Exp().Reduce(ReduceFunction.Sum, [0])),
        ["shares of what may be negative"] = x => Shares(x),
        ["exponentials"] = x => x.Exp(),
        ["exponentials of the negative logarithms"] = x => x.LogSoftmax().Negate().Exp(),
        ["exponentials with the logarithm of another sum"] = x => x.Subtract(LogOfSum(x.Dense(5))).Exp(),
        ["exponentials with another number added to the sum's logarithm"] = x => WithLargest(x, Largest(x), Largest(x.Dense(5))),
        ["logarithms written out"] = x => x.Subtract(LogOfSum(x)),
        ["negative multiples"] = x => x.Softmax().Negate(),
        ["a rating from 1 to 5"] = x => x.Sigmoid().Scale(4).Add(Number(x, "one")),
        ["sigmoids that are shifted"] = x => x.Sigmoid().Add(Number(x, "half")),
        ["softmax times what training changes"] = x => x.Softmax().Multiply(x.Constant([5], isTrainable: true)),
    };

    public static IEnumerable<object[]> NamesOfProbabilities => Probabilities.Keys.Select(name => new object[] { name });

    public static IEnumerable<object[]> NamesOfLogits => Logits.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(NamesOfProbabilities))]
    public void These_outputs_are_probabilities(string name) => Assert.AreEqual(OutputKind.Probabilities, KindOf(Probabilities[name]));

    [TestMethod]
    [DynamicData(nameof(NamesOfLogits))]
    public void These_outputs_are_logits(string name) => Assert.AreEqual(OutputKind.Logits, KindOf(Logits[name]));

    [TestMethod]
    public void Without_weights_a_constant_may_be_any_number()
    {
        SymbolicTensor x = Network.Input(new Shape(3)).Dense(5);
        Assert.AreEqual(OutputKind.Logits, OutputAnalysis.Of(x.Softmax().Multiply(Number(x, "half"))));
    }

    [TestMethod]
    [Timeout(60_000)]
    public void Sums_of_the_same_sum_over_and_over_take_no_time()
    {
        Assert.AreEqual(OutputKind.Logits, KindOf(x =>
        {
            SymbolicTensor sum = x.Exp();
            for (int i = 0; i < 60; i++)
            {
                sum = sum.Add(sum);
            }

            return x.Dense(5).Exp().Divide(sum);
        }));
        Assert.AreEqual(OutputKind.Logits, KindOf(x =>
        {
            (SymbolicTensor first, SymbolicTensor second) = (x, x);
            for (int i = 0; i < 60; i++)
            {
                (first, second) = (first.Subtract(first), second.Subtract(second));
            }

            return first.Subtract(LogOfSum(second)).Exp();
        }));
    }

    private static OutputKind KindOf(Func<SymbolicTensor, SymbolicTensor> end)
    {
        Network network = end(Network.Input(new Shape(3)).Dense(5));
        using Weights weights = new(network);
        foreach ((string name, float number) in Numbers)
        {
            if (weights.TryGet($"{name}.value", out Tensor? constant))
            {
                constant.Span.Fill(number);
            }
        }

        return OutputAnalysis.Of(network, weights);
    }

    private static SymbolicTensor Number(SymbolicTensor network, string name) => network.Constant([5], name: name);

    private static SymbolicTensor Shares(SymbolicTensor numbers, Func<SymbolicTensor, SymbolicTensor>? change = null)
    {
        SymbolicTensor sum = numbers.Reduce(ReduceFunction.Sum, [0], keepDimensions: false).Reshape([1]);
        return numbers.Divide(change is null ? sum : change(sum));
    }

    private static SymbolicTensor LogOfSum(SymbolicTensor numbers) => numbers.Exp().Reduce(ReduceFunction.Sum, [0]).Log();

    private static SymbolicTensor Largest(SymbolicTensor numbers) => numbers.Reduce(ReduceFunction.Max, [0]);

    private static SymbolicTensor Shifted(SymbolicTensor numbers) => numbers.Subtract(Largest(numbers));

    private static SymbolicTensor WithLargest(SymbolicTensor numbers, SymbolicTensor taken, SymbolicTensor added) =>
        numbers.Subtract(LogOfSum(numbers.Subtract(taken)).Add(added)).Exp();

    private static SymbolicTensor WithReciprocal(SymbolicTensor numbers) =>
        numbers.Multiply(numbers.Reduce(ReduceFunction.Sum, [0]).Reciprocal());
}
