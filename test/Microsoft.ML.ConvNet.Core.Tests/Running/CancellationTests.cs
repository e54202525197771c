using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Training;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Core.Tests.Running;

/// <summary>What is cancelled ends before the next step of its plan, not at the end of the batch.</summary>
[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    public void A_plan_that_is_cancelled_in_its_second_step_does_not_run_the_third()
    {
        using CancellationTokenSource source = new();
        List<int> runs = [];
        Plan plan = new()
        {
            Buffers = [],
            Steps = [.. Enumerable.Range(1, 4).Select(number => StepOf(() =>
            {
                runs.Add(number);
                if (number == 2)
                {
                    source.Cancel();
                }
            }))],
            PrepareSteps = [],
            Foldings = [],
            BufferOfValue = new Dictionary<int, int>(),
            Input = 0,
            Output = 0,
        };
        Assert.IsFalse(plan.Run(new Execution { CancellationToken = source.Token }));
        CollectionAssert.AreEqual(new[] { 1, 2 }, runs);
        Assert.IsTrue(plan.Run(new Execution()));
        CollectionAssert.AreEqual(new[] { 1, 2, 1, 2, 3, 4 }, runs);
    }

    [TestMethod]
    public void A_prediction_that_is_cancelled_computes_nothing_and_the_model_goes_on()
    {
        Network network = SmallImages.Network;
        using Weights weights = TestWeights.Create(network);
        using InferenceModel model = new(network, weights, numberOfThreads: 2);
        float[] inputs = new float[36 * 3];
        float[] outputs = new float[2 * 3];
        using CancellationTokenSource source = new();
        source.Cancel();
        OperationCanceledException error =
            Assert.ThrowsExactly<OperationCanceledException>(() => model.Predict(inputs, 3, outputs, source.Token));
        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.IsTrue(outputs.All(output => output == 0));
        model.Predict(inputs, 3, outputs);
        Assert.AreEqual(1f, outputs[0] + outputs[1], 1e-6f);
    }

    [TestMethod]
    public void A_training_cancelled_while_a_batch_is_read_does_not_compute_it()
    {
        using CancellationTokenSource source = new();
        CancellingImages images = new(source, after: 12);
        using Weights initial = Weights.Initialize(SmallImages.Network, 0);
        int batches = 0;
        TrainingOptions options = new()
        {
            BatchSize = 4,

            // Read ahead, the third batch would be read before the first is computed.
            PrefetchedBatches = 0,
            Shuffle = false,
            KeepBest = false,
            CancellationToken = source.Token,
            BatchCompleted = _ => batches++,
        };
        TrainingResult result = NetworkTrainer.Train(SmallImages.Network, images, options, initial);
        using Weights weights = result.Weights;
        Assert.IsTrue(result.IsCancelled);
        Assert.AreEqual(2, batches, "The third was read.");
    }

    [TestMethod]
    public void An_evaluation_cancelled_while_a_batch_is_read_does_not_compute_it()
    {
        using CancellationTokenSource source = new();
        CancellingImages images = new(source, after: 5);
        using Weights weights = Weights.Initialize(SmallImages.Network, 0);
        Assert.ThrowsExactly<OperationCanceledException>(() => NetworkTrainer.Evaluate(
            SmallImages.Network, weights, images, batchSize: 32, cancellationToken: source.Token));
    }

    private static PlanStep StepOf(Action run)
    {
        OpValue value = new(0, OpValueKind.Activation, [1], "value");
        OpBinding binding = new()
        {
            Inputs = [],
            Output = 0,
            InputGradients = [],
            Accumulate = [],
            OutputGradient = -1,
            Prepared = -1,
            PreparedBackward = -1,
            Saved = -1,
            Workspace = -1,
            BackwardWorkspace = -1,
        };
        return new PlanStep(new OpNode(new ActionOp(run), [], value, "step"), binding, PlanAction.Forward);
    }

    private sealed record ActionOp(Action Run) : Op
    {
        public override string Kind => "action";

        public override void Forward(in Execution execution, OpBinding binding) => Run();

        public override void Backward(in Execution execution, OpBinding binding) => Run();
    }

    private sealed class CancellingImages(CancellationTokenSource source, int after) : ImageDataset
    {
        private int _reads;

        public override int Count => 24;

        public override Shape Shape { get; } = new(6, 6, 1);

        public override int ClassCount => 2;

        public override void ReadSample(int index, Span<float> pixels)
        {
            pixels.Fill(index);
            if (Interlocked.Increment(ref _reads) == after)
            {
                source.Cancel();
            }
        }

        public override int LabelOf(int index) => index % 2;
    }
}
