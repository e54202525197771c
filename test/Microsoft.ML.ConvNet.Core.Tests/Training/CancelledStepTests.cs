using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>A step that is cancelled in its middle leaves weights and running statistics as they were, to the bit.</summary>
[TestClass]
public sealed class CancelledStepTests
{
    private const int Batch = 4;

    private static readonly Network Normalised =
        Network.Input(6, 6, 1).Conv(4, 3).BatchNorm().Relu().Conv(3, 3).BatchNorm().Flatten().Dropout(0.5f).Dense(2);

    [TestMethod]
    [DataRow(false, DisplayName = "before the gradients")]
    [DataRow(true, DisplayName = "between the gradients")]
    public void A_cancelled_step_moves_nothing_and_the_next_one_is_that_of_an_undisturbed_training(bool isBackward)
    {
        TrainingOptions options = Options(new CancellingLoss(isBackward, () => { }));
        using TrainingState undisturbed = new(Weights.Initialize(Normalised, 1), options);
        using (SingleStep step = new(undisturbed, options, Batch))
        {
            Assert.IsTrue(Run(step, batch: 1, default));
            step.Update(0.01f);
            Assert.IsTrue(Run(step, batch: 2, default));
            step.Update(0.01f);
        }

        using CancellationTokenSource source = new();
        int losses = 0;
        TrainingOptions cancelling = Options(new CancellingLoss(isBackward, () =>
        {
            if (++losses == 2)
            {
                source.Cancel();
            }
        }));
        using TrainingState state = new(Weights.Initialize(Normalised, 1), cancelling);
        using SingleStep disturbed = new(state, cancelling, Batch);
        Assert.IsTrue(Run(disturbed, batch: 1, source.Token));
        disturbed.Update(0.01f);
        uint[] before = BitsOf(state.Weights);
        Assert.IsFalse(Run(disturbed, batch: 2, source.Token));
        CollectionAssert.AreEqual(before, BitsOf(state.Weights));
        Assert.IsTrue(Run(disturbed, batch: 2, default));
        disturbed.Update(0.01f);
        CollectionAssert.AreEqual(BitsOf(undisturbed.Weights), BitsOf(state.Weights));
        CollectionAssert.AreNotEqual(before, BitsOf(state.Weights));
    }

    [TestMethod]
    public void A_training_cancelled_in_its_third_batch_gives_what_one_cancelled_behind_the_second_does()
    {
        uint[] expected = TrainedUntilCancelled(lossThatCancels: int.MaxValue, batchThatCancels: 2);
        CollectionAssert.AreEqual(expected, TrainedUntilCancelled(lossThatCancels: 3, batchThatCancels: int.MaxValue));
    }

    private static uint[] TrainedUntilCancelled(int lossThatCancels, int batchThatCancels)
    {
        using CancellationTokenSource source = new();
        int losses = 0;
        int batches = 0;
        TrainingOptions options = new()
        {
            BatchSize = Batch,
            KeepBest = false,
            CancellationToken = source.Token,
            Loss = new CancellingLoss(false, () =>
            {
                if (++losses == lossThatCancels)
                {
                    source.Cancel();
                }
            }),
            BatchCompleted = _ =>
            {
                if (++batches == batchThatCancels)
                {
                    source.Cancel();
                }
            },
        };
        using Weights initial = Weights.Initialize(Normalised, 1);
        TrainingResult result = NetworkTrainer.Train(Normalised, SmallImages.Make(6 * Batch, seed: 2), options, initial);
        using Weights weights = result.Weights;
        Assert.IsTrue(result.IsCancelled);
        return BitsOf(weights);
    }

    private static TrainingOptions Options(Loss loss) => new() { Loss = loss, NumberOfThreads = 2 };

    private static unsafe bool Run(SingleStep step, int batch, CancellationToken cancellationToken)
    {
        TrainingSession session = step.Session;
        float[] inputs = DistinctNumbers.Create(Batch * 36, seed: (ulong)batch);
        float[] targets = DistinctNumbers.Create(Batch * 2, seed: (ulong)batch + 10);
        inputs.CopyTo(new Span<float>(session.Inputs, inputs.Length));
        targets.CopyTo(new Span<float>(session.TargetValues, targets.Length));
        for (int n = 0; n < Batch; n++)
        {
            session.SampleIds[n] = (uint)n;
        }

        return session.Step(Batch, epoch: 0, clock: null, cancellationToken);
    }

    private static uint[] BitsOf(Weights weights) =>
        [.. weights.Names.SelectMany(name => weights[name].ToArray()).Select(BitConverter.SingleToUInt32Bits)];

    /// <summary>The squared error, with something done at the end of the forward run or where the gradients begin.</summary>
    private sealed record CancellingLoss(bool IsBackward, Action Act) : Loss
    {
        public override string Name => "squared error";

        internal override bool TargetsAreClasses => false;

        internal override double Measure(ReadOnlySpan<float> outputs, int label, bool areProbabilities) => 0;

        internal override double Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<float> target, bool areProbabilities) => 0;

        private protected override LossOp Lower(Shape outputs) => new CancellingLossOp(outputs.ElementCount, IsBackward, Act);
    }

    private sealed record CancellingLossOp(int Outputs, bool IsBackward, Action Act) : LossOp
    {
        private readonly SquaredErrorLossOp _error = new(Outputs);

        public override string Kind => "squared error";

        protected override int Length => Outputs;

        public override void ForwardTraining(in Execution execution, OpBinding binding)
        {
            if (!IsBackward)
            {
                Act();
            }
        }

        public override void Backward(in Execution execution, OpBinding binding)
        {
            _error.Backward(execution, binding);
            if (IsBackward)
            {
                Act();
            }
        }

        protected override unsafe void Run(in Execution execution, OpBinding binding, float* losses, float* gradient, float scale) =>
            throw new NotSupportedException();
    }
}
