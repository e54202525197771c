using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>A small network with everything in it: a shortcut, branches, batch normalisation, dropout and fused functions.</summary>
[TestClass]
public class SmallNetworkTests
{
    private const int Batch = 4;

    [TestMethod]
    public void Its_scores_losses_and_all_its_gradients_are_those_of_the_definition()
    {
        Network network = Residual();
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 21);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 22);
        NetworkOracle inference = new(network, weights, inputs, Batch, isTraining: false);
        NetworkOracle training = new(network, weights, inputs, Batch, isTraining: true);
        Closeness.AssertClose(inference.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "inference");
        EngineRun run = EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2);
        run.AssertEquals(training, targets, 2e-5, 1e-4, "training");
        Assert.HasCount(network.Parameters.Count(parameter => parameter.Definition.IsTrainable), run.Gradients);
    }

    [TestMethod]
    public void A_batch_normalization_of_flattened_pixels_scores_as_defined()
    {
        Network network = Network.Input(4, 3, 2).Conv(5, 3, padding: 1).Flatten().BatchNorm().Dense(3);
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 31);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(oracle.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "scores");
    }

    [TestMethod]
    public void Its_plan_has_no_batch_normalization_no_dropout_and_no_function_of_its_own()
    {
        using Weights weights = TestWeights.Create(Residual());
        using InferenceModel model = new(weights.Network, weights);
        string[] kinds = [.. model.Plan.Steps.Select(step => step.Node.Op.Kind)];
        CollectionAssert.DoesNotContain(kinds, "batch normalization");
        CollectionAssert.DoesNotContain(kinds, "dropout");
        CollectionAssert.DoesNotContain(kinds, "activation");
        CollectionAssert.DoesNotContain(kinds, "add");
        StringAssert.Contains(model.Plan.ToString(), "+ residual");
    }

    [TestMethod]
    public void Folded_batch_normalization_scores_as_the_one_that_something_else_reads_and_so_cannot_be_folded()
    {
        SymbolicTensor input = Network.Input(6, 6, 3);
        SymbolicTensor normalized = input.Conv(8, 3, padding: 1).BatchNorm();
        Network folded = normalized;

        SymbolicTensor other = Network.Input(6, 6, 3);
        SymbolicTensor convolved = other.Conv(8, 3, padding: 1);
        Network unfolded = convolved.BatchNorm().Concat(convolved);

        using Weights foldedWeights = TestWeights.Create(folded);
        using Weights unfoldedWeights = new(unfolded);
        foreach (string name in foldedWeights.Names)
        {
            foldedWeights[name].Span.CopyTo(unfoldedWeights[name].Span);
        }

        float[] inputs = DistinctNumbers.Create(folded.InputShape.ElementCount, seed: 4);
        float[] fromFolded = EngineRun.Predict(folded, foldedWeights, inputs, 1, threads: 1);
        float[] fromUnfolded = EngineRun.Predict(unfolded, unfoldedWeights, inputs, 1, threads: 1);
        double[] expected = DistinctNumbers.ToDoubles([.. fromUnfolded.Where((_, i) => i % 16 < 8)]);
        Closeness.AssertClose(expected, fromFolded, 1e-5, "folded");

        using InferenceModel foldedModel = new(folded, foldedWeights);
        using InferenceModel unfoldedModel = new(unfolded, unfoldedWeights);
        Assert.IsFalse(foldedModel.Plan.Steps.Any(step => step.Node.Op.Kind == "batch normalization"));
        Assert.IsTrue(unfoldedModel.Plan.Steps.Any(step => step.Node.Op.Kind == "batch normalization"));
    }

    [TestMethod]
    public void Convolutions_write_their_channels_of_a_concatenation_themselves()
    {
        SymbolicTensor input = Network.Input(9, 8, 5);
        SymbolicTensor squeezed = input.Conv(6, 1).Relu();
        Network network = squeezed.Conv(7, 1).Tanh()
            .Concat(squeezed.Conv(20, 3, padding: 1).BatchNorm().Relu(), squeezed.MaxPool(3, stride: 1, padding: 1), squeezed.Conv(33, 5, padding: 2))
            .Conv(4, 3);
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 41);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(oracle.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "scores");
        using InferenceModel model = new(network, weights);
        PlanStep[] copies = [.. model.Plan.Steps.Where(step => step.Node.Op.Kind == "concatenation")];
        Assert.HasCount(1, copies);
        Assert.HasCount(1, copies[0].Node.Inputs);
        AssertNoOverlap(model.Plan, 3);
    }

    [TestMethod]
    public void A_flattened_convolution_joins_a_vector_whole()
    {
        SymbolicTensor image = Network.Input(3, 2, 2).Conv(4, 1);
        Network network = image.Flatten().Concat(image.GlobalAvgPool());
        using Weights weights = TestWeights.Create(network);
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 42);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: false);
        Closeness.AssertClose(oracle.Forward(), EngineRun.Predict(network, weights, inputs, Batch, threads: 2), 2e-5, "scores");
    }

    [TestMethod]
    public void In_training_a_ReLU_that_max_pooling_alone_reads_goes_behind_it_and_every_other_stays()
    {
        SymbolicTensor input = Network.Input(8, 8, 3);
        SymbolicTensor first = input.Conv(20, 3, padding: 1).Relu();
        SymbolicTensor second = first.MaxPool(2).BatchNorm().Relu().MaxPool(2);
        Network network = second.Concat(first.MaxPool(2).Conv(4, 1).Tanh().MaxPool(2)).Flatten();
        using Weights weights = TestWeights.Create(network);
        Plan plan = Planner.ForTraining(
            network, new MeanSquares(), new PlanOptions { AllowsBatchLanes = false }, isFrozen: null, inputGradient: true);
        OpNode[] forward = [.. plan.Steps.Where(step => step.Action == PlanAction.ForwardTraining).Select(step => step.Node)];

        // The first is read twice and stays in the convolution; the second was a step of its own.
        StringAssert.Contains(forward[0].Op.Describe(), "+ Relu");
        Assert.AreEqual(1, forward.Count(node => node.Op is MaxPoolingOp { Rectifies: true }));
        Assert.AreEqual(3, forward.Count(node => node.Op is MaxPoolingOp { Rectifies: false }));
        Assert.IsFalse(forward.Any(node => node.Op is ActivationOp { Function.IsRelu: true }));
        float[] inputs = DistinctNumbers.Create(Batch * network.InputShape.ElementCount, seed: 41);
        float[] targets = DistinctNumbers.Create(Batch * network.OutputShape.ElementCount, seed: 42);
        NetworkOracle oracle = new(network, weights, inputs, Batch, isTraining: true);
        EngineRun.Train(network, weights, inputs, targets, Batch, threads: 2).AssertEquals(oracle, targets, 2e-5, 1e-4, "training");
    }

    [TestMethod]
    public void A_flattened_image_joins_a_vector_whole()
    {
        SymbolicTensor image = Network.Input(2, 2, 2).Relu();
        Network network = image.Flatten().Concat(image.GlobalAvgPool());
        using Weights weights = new(network);
        float[] output = EngineRun.Predict(network, weights, [1, 2, 3, 4, 5, 6, 7, 8], 1, threads: 1);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 4, 5 }, output);
    }

    [TestMethod]
    public void Buffers_that_live_at_the_same_time_never_share_memory()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            Network network = RandomNetwork.Create(seed);
            AssertNoOverlap(Planner.ForInference(network, PlanOptions.Default), 1);
            AssertNoOverlap(Planner.ForTraining(network, new MeanSquares(), PlanOptions.Default, isFrozen: null, inputGradient: true), 5);
        }
    }

    private static Network Residual()
    {
        SymbolicTensor stem = Network.Input(8, 7, 3).Conv(6, 3, padding: 1, useBias: false).BatchNorm().Relu();
        SymbolicTensor block = stem.Conv(6, 3, padding: 1).BatchNorm().Tanh().Conv(6, 3, padding: 1).BatchNorm().Add(stem).Relu();
        SymbolicTensor narrow = block.Conv(4, 1).Sigmoid();
        SymbolicTensor wide = block.Conv(5, 5, padding: 2).LeakyRelu(0.1f);
        return narrow.Concat(wide, block).MaxPool(2).Dropout(0).Flatten().Dense(11).Elu().Dense(5).Softmax();
    }

    private static void AssertNoOverlap(Plan plan, int batch)
    {
        ArenaLayout layout = new(plan, batch);
        var placed = plan.Buffers
            .Select((buffer, i) => (Buffer: buffer, From: layout.Offsets[i], To: layout.Offsets[i] + buffer.Length(batch)))
            .Where(entry => entry.Buffer.Kind == PlanBufferKind.Arena && entry.Buffer.LastStep >= 0)
            .ToList();
        for (int i = 0; i < placed.Count; i++)
        {
            Assert.IsTrue(placed[i].To <= layout.Length, placed[i].Buffer.ToString());
            Assert.AreEqual(0, placed[i].From % 16, "Buffers begin at a cache line.");
            for (int k = 0; k < i; k++)
            {
                bool livesAlong = placed[i].Buffer.FirstStep <= placed[k].Buffer.LastStep
                    && placed[k].Buffer.FirstStep <= placed[i].Buffer.LastStep;
                bool overlaps = placed[i].From < placed[k].To && placed[k].From < placed[i].To;
                Assert.IsFalse(livesAlong && overlaps, $"{placed[i].Buffer} and {placed[k].Buffer}");
            }
        }
    }
}
