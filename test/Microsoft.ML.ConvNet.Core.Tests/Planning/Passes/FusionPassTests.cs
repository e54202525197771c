using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Planning.Passes;

namespace Microsoft.ML.ConvNet.Core.Tests.Planning.Passes;

/// <summary>Passes that let one op do the work of another.</summary>
[TestClass]
public class FusionPassTests
{
    [TestMethod]
    public void A_batch_normalization_becomes_weights_and_a_bias_of_the_convolution_before_it()
    {
        Network network = Network.Input(4, 4, 3).Conv(6, 3, useBias: false, name: "conv").BatchNorm(epsilon: 0.25f, name: "norm");
        PlanGraph graph = SmallGraph.After(network, new FoldBatchNormalization());
        CollectionAssert.AreEqual(new[] { "convolution 3x3 + bias" }, SmallGraph.Describe(graph));
        BatchNormFolding folding = graph.Foldings.Single();
        Assert.AreEqual("conv.weight", folding.Weight.Name);
        Assert.IsNull(folding.Bias);
        Assert.AreEqual(0.25f, folding.Epsilon);
        CollectionAssert.AreEqual(
            new[] { 0, 1, 2, 3, 4 }, folding.Normalization.Prepend(folding.Weight).Select(value => value.ParameterIndex).ToArray());
        PlanNode conv = graph.Nodes.Single();
        CollectionAssert.AreEqual(new[] { folding.FoldedWeight, folding.FoldedBias }, conv.Inputs.Skip(1).ToArray());
        Assert.AreEqual(graph.Kept[0], conv.Output);
    }

    [TestMethod]
    public void A_batch_normalization_of_what_another_op_reads_too_stays()
    {
        SymbolicTensor conv = Network.Input(4, 4, 3).Conv(6, 3);
        PlanGraph graph = SmallGraph.After(conv.BatchNorm().Add(conv), new FoldBatchNormalization());
        CollectionAssert.AreEqual(
            new[] { "convolution 3x3 + bias", "batch normalization", "add" }, SmallGraph.Describe(graph));
    }

    [TestMethod]
    public void The_convolution_that_is_computed_last_adds_the_other_operand()
    {
        SymbolicTensor x = Network.Input(4, 4, 3);
        SymbolicTensor first = x.Conv(6, 3, name: "first");
        SymbolicTensor second = x.Conv(6, 3, name: "second");
        foreach (Network network in new Network[] { first.Add(second), second.Add(first) })
        {
            PlanGraph graph = SmallGraph.After(network, new FuseResiduals(isTraining: false));
            CollectionAssert.AreEqual(
                new[] { "convolution 3x3 + bias", "convolution 3x3 + bias + residual" }, SmallGraph.Describe(graph));
            Assert.AreEqual(SmallGraph.Node(graph, "first").Output, SmallGraph.Node(graph, "second").Inputs[^1]);
            Assert.AreEqual(graph.Kept[0], SmallGraph.Node(graph, "second").Output);
        }
    }

    [TestMethod]
    public void In_training_a_batch_normalization_adds_a_residual_and_a_convolution_does_not()
    {
        SymbolicTensor x = Network.Input(4, 4, 3);
        PlanGraph normalized = SmallGraph.After(x.Add(x.BatchNorm()), new FuseResiduals(isTraining: true));
        CollectionAssert.AreEqual(new[] { "batch normalization + residual" }, SmallGraph.Describe(normalized));
        PlanGraph convolved = SmallGraph.After(x.Add(x.Conv(3, 3, padding: 1)), new FuseResiduals(isTraining: true));
        CollectionAssert.AreEqual(new[] { "convolution 3x3 + bias", "add" }, SmallGraph.Describe(convolved));
    }

    [TestMethod]
    public void A_tensor_added_to_itself_is_no_residual()
    {
        SymbolicTensor x = Network.Input(4, 4, 3).Conv(6, 3);
        PlanGraph graph = SmallGraph.After(x.Add(x), new FuseResiduals(isTraining: false));
        CollectionAssert.AreEqual(new[] { "convolution 3x3 + bias", "add" }, SmallGraph.Describe(graph));
    }

    [TestMethod]
    public void A_function_is_applied_by_the_op_before_it_and_a_second_one_stays()
    {
        Network network = Network.Input(4, 4, 3).Conv(6, 3).Tanh().Sigmoid();
        PlanGraph graph = SmallGraph.After(network, new FuseActivations(isTraining: false));
        CollectionAssert.AreEqual(new[] { "convolution", "activation" }, graph.Nodes.Select(node => node.Op.Kind).ToArray());
        Assert.AreEqual("Tanh", SmallGraph.Single<ConvolutionOp>(graph).Activation!.Name);
        Assert.AreEqual("Sigmoid", SmallGraph.Single<ActivationOp>(graph).Function.Name);
    }

    [TestMethod]
    public void In_training_a_function_whose_derivative_needs_its_input_stays()
    {
        SymbolicTensor x = Network.Input(4, 4, 3).Conv(6, 3);
        Assert.HasCount(1, SmallGraph.Describe(SmallGraph.After(x.Relu(), new FuseActivations(isTraining: true))));
        Assert.HasCount(2, SmallGraph.Describe(SmallGraph.After(x.Mish(), new FuseActivations(isTraining: true))));
    }

    [TestMethod]
    public void Max_pooling_takes_over_the_relu_of_a_convolution_and_one_that_stands_alone()
    {
        IGraphPass[] passes = [new FuseActivations(isTraining: true), new MoveReluBehindMaxPooling()];
        PlanGraph fused = SmallGraph.After(Network.Input(6, 6, 3).Conv(6, 3).Relu().MaxPool(2), passes);
        Assert.IsNull(SmallGraph.Single<ConvolutionOp>(fused).Activation);
        Assert.IsTrue(SmallGraph.Single<MaxPoolingOp>(fused).Rectifies);
        PlanGraph alone = SmallGraph.After(Network.Input(6, 6, 3).Relu().MaxPool(2), passes);
        Assert.AreEqual(OpValueKind.Input, alone.Nodes.Single().Inputs[0].Kind);
        Assert.IsTrue(SmallGraph.Single<MaxPoolingOp>(alone).Rectifies);
    }

    [TestMethod]
    public void Max_pooling_leaves_a_relu_that_another_op_reads_where_it_is()
    {
        SymbolicTensor x = Network.Input(6, 6, 3).Relu();
        PlanGraph graph = SmallGraph.After(x.MaxPool(2).Upsample(2).Add(x), new MoveReluBehindMaxPooling());
        Assert.IsFalse(SmallGraph.Single<MaxPoolingOp>(graph).Rectifies);
        Assert.IsTrue(SmallGraph.Single<ActivationOp>(graph).Function.IsRelu);
    }

    [TestMethod]
    public void A_winograd_convolution_pools_its_own_output()
    {
        Network network = Network.Input(16, 16, 64).Conv(128, 3, padding: 1, name: "conv").MaxPool(2, name: "pool");
        PlanGraph graph = SmallGraph.After(network, new ChooseAlgorithms(PlanOptions.Default), new FuseMaxPooling());
        PlanNode conv = graph.Nodes.Single();
        Assert.AreEqual("conv..pool", conv.Name);
        Assert.IsTrue(SmallGraph.Single<ConvolutionOp>(graph).Pools);
        Assert.AreEqual(graph.Kept[0], conv.Output);
    }

    [TestMethod]
    public void Windows_that_overlap_are_pooled_by_an_op_of_their_own()
    {
        Network network = Network.Input(16, 16, 64).Conv(128, 3, padding: 1).MaxPool(2, stride: 1);
        PlanGraph graph = SmallGraph.After(network, new ChooseAlgorithms(PlanOptions.Default), new FuseMaxPooling());
        Assert.IsFalse(SmallGraph.Single<ConvolutionOp>(graph).Pools);
    }
}
