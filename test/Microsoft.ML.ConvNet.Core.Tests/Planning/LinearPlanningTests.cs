using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning;

/// <summary>
/// What planning takes grows as the network does: twice the layers, twice the visits, look-ups and edits of all passes, and twice the memory
/// that a whole plan takes to make. Counted, not timed.
/// </summary>
[TestClass]
[DoNotParallelize]
public class LinearPlanningTests
{
    private static readonly Dictionary<string, Func<int, Network>> Networks = new()
    {
        ["plain layers"] = layers => Repeat(Image, layers, x => x.Conv(4, 3, padding: 1, useBias: false).BatchNorm().Relu().Dropout()),
        ["residual blocks"] = layers => Repeat(Image, layers, x => x.Add(x.BatchNorm().Relu().Conv(4, 3, padding: 1)).Relu()),
        ["additions of constants"] = layers => Repeat(Image, layers, x => x.Add(x.Constant([8, 8, 4])).Tanh()),
        ["convolutions with few channels, and poolings"] =
            layers => Repeat(Image, layers, x => x.Conv(4, 3, padding: 1).MaxPool(2, stride: 1, padding: Microsoft.ML.ConvNet.Layers.Padding.Same)),
        ["concatenations that grow"] = layers => Repeat(Image, layers, x => x.Concat(x.BatchNorm().Relu().Conv(1, 1))),
        ["branches from one tensor"] = layers => Branches(layers, x => x.Conv(4, 3, padding: 1).Relu(), (x, others) => x.Add(others)),
        ["branches that are concatenated"] = layers => Branches(layers, x => x.Conv(4, 3, padding: 1).Dropout(), (x, others) => x.Concat(others)),
        ["one tensor that is normalised again and again"] = layers => Branches(layers, x => x.BatchNorm(), (x, others) => x.Add(others)),
    };

    public static IEnumerable<object[]> Names => Networks.Keys.Select(name => new object[] { name });

    private static SymbolicTensor Image => Network.Input(8, 8, 4).Tanh();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Twice_the_layers_take_twice_the_work(string name)
    {
        const int Layers = 100;
        foreach (bool isTraining in new[] { false, true })
        {
            long work = WorkOf(Networks[name](Layers), isTraining);
            long twice = WorkOf(Networks[name](2 * Layers), isTraining);
            Assert.IsTrue(twice <= 2.1 * work, $"{name}, {(isTraining ? "training" : "inference")}: {work:N0} and {twice:N0}");
        }
    }

    [TestMethod]
    [DataRow(false, DisplayName = "the oldest first")]
    [DataRow(true, DisplayName = "the newest first")]
    public void Layers_that_concatenate_all_before_take_work_in_proportion_to_what_they_read(bool isNewestFirst)
    {
        // Of n layers, whose reads are n (n + 1) / 2 and more.
        foreach (bool isTraining in new[] { false, true })
        {
            double work = WorkOf(ConcatenatingAll(60, isNewestFirst), isTraining) / (60.0 * 61);
            double twice = WorkOf(ConcatenatingAll(120, isNewestFirst), isTraining) / (120.0 * 121);
            Assert.IsLessThanOrEqualTo(1.1 * work, twice, isTraining ? "training" : "inference");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Twice_the_layers_take_twice_the_memory_to_plan(string name)
    {
        const int Layers = 200;
        foreach (bool isTraining in new[] { false, true })
        {
            long bytes = BytesOf(Networks[name](Layers), isTraining);
            long twice = BytesOf(Networks[name](2 * Layers), isTraining);
            Assert.IsTrue(twice <= 2.3 * bytes, $"{name}, {(isTraining ? "training" : "inference")}: {bytes:N0} and {twice:N0}");
        }
    }

    private static long WorkOf(Network network, bool isTraining)
    {
        LoweredNetwork lowered = NetworkLowering.Lower(network);
        PlanGraph graph = new(lowered.Graph, [lowered.Outputs[^1]]);
        Planner.Run(isTraining ? Planner.PassesForTraining(PlanOptions.Default) : Planner.PassesForInference(PlanOptions.Default), graph);
        return graph.Work;
    }

    private static long BytesOf(Network network, bool isTraining)
    {
        MakePlan();
        long before = GC.GetAllocatedBytesForCurrentThread();
        MakePlan();
        return GC.GetAllocatedBytesForCurrentThread() - before;

        void MakePlan() => _ = new ArenaLayout(
            isTraining
                ? Planner.ForTraining(network, new MeanSquares(), PlanOptions.Default, isFrozen: null, inputGradient: false)
                : Planner.ForInference(network, PlanOptions.Default),
            batch: 2);
    }

    private static Network Repeat(SymbolicTensor x, int layers, Func<SymbolicTensor, SymbolicTensor> layer)
    {
        for (int i = 0; i < layers; i++)
        {
            x = layer(x);
        }

        return x.GlobalAvgPool().Dense(3);
    }

    private static Network ConcatenatingAll(int layers, bool isNewestFirst)
    {
        List<SymbolicTensor> all = [Image.Conv(4, 3, padding: 1)];
        for (int i = 0; i < layers; i++)
        {
            SymbolicTensor[] read = isNewestFirst ? [.. Enumerable.Reverse(all)] : [.. all];
            SymbolicTensor joined = read.Length == 1 ? read[0] : read[0].Concat(read[1..]);
            all.Add(joined.BatchNorm().Relu().Conv(4, 3, padding: 1));
        }

        return all[^1].GlobalAvgPool().Dense(3);
    }

    private static Network Branches(
        int count, Func<SymbolicTensor, SymbolicTensor> branch, Func<SymbolicTensor, SymbolicTensor[], SymbolicTensor> join)
    {
        SymbolicTensor x = Image;
        SymbolicTensor[] branches = [.. Enumerable.Range(0, count).Select(_ => branch(x))];
        return join(branches[0], branches[1..]).GlobalAvgPool().Dense(3);
    }
}
