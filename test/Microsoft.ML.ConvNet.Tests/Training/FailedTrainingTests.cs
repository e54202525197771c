using System.Collections;
using System.Collections.ObjectModel;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Tests.Training;

/// <summary>What is left of a training that ended by an exception.</summary>
[TestClass]
public sealed class FailedTrainingTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void What_a_callback_throws_is_thrown_on_and_takes_the_best_weights_with_it()
    {
        LogLines log = new(_context);
        TimeoutException thrown = new("enough");
        TimeoutException caught = Assert.ThrowsExactly<TimeoutException>(() => Train(options =>
        {
            options.Epoch = 9;
            options.MetricsCallback = progress =>
            {
                if (progress is { Epoch: 3, Batch: 2 })
                {
                    throw thrown;
                }
            };
        }));
        Assert.AreSame(thrown, caught);
        ConvNetTransformer? model = ConvNetTransformer.FromFailure(new AggregateException(new InvalidOperationException("outer", caught)));
        Assert.IsNotNull(model);
        Assert.HasCount(2, model.TrainingReport);
        CollectionAssert.AreEqual(BarModels.WeightBits(Train(options => options.Epoch = 2)), BarModels.WeightBits(model));
        StringAssert.Contains(log.Warnings.Single(), "TimeoutException; ConvNetTransformer.FromFailure gives the model with the weights of epoch");

        IDataView data = BarModels.Keyed(_context, BarImages.Create(6));
        using TemporaryFile file = new();
        _context.Model.SaveAtomically(model, data.Schema, file.Name);
        CollectionAssert.AreEqual(
            BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(_context.Model.Load(file.Name, out _).Transform(data)));
    }

    [TestMethod]
    public void A_callback_that_waits_for_a_task_throws_an_exception_of_several_that_has_the_model()
    {
        AggregateException error = Assert.ThrowsExactly<AggregateException>(() => Train(options =>
        {
            options.Epoch = 3;
            options.MetricsCallback = _ => Task.FromException(new TimeoutException("a task")).Wait();
        }));
        Assert.IsNotNull(ConvNetTransformer.FromFailure(error));
        Assert.IsNotNull(ConvNetTransformer.FromFailure(new InvalidOperationException("outer", error)));
        Assert.IsNull(ConvNetTransformer.FromFailure(error.InnerException!), "the cause alone");
    }

    [TestMethod]
    public void The_model_goes_beside_the_data_of_an_exception()
    {
        SealedException error = Assert.ThrowsExactly<SealedException>(() => Train(options =>
        {
            options.Epoch = 3;
            options.MetricsCallback = _ => throw new SealedException();
        }));
        Assert.IsNotNull(ConvNetTransformer.FromFailure(error));
        TimeoutException open = Assert.ThrowsExactly<TimeoutException>(() => Train(options =>
        {
            options.Epoch = 3;
            options.MetricsCallback = _ => throw new TimeoutException("enough");
        }));
        Assert.IsNotNull(ConvNetTransformer.FromFailure(open));
        Assert.AreEqual(0, open.Data.Count);
    }

    [TestMethod]
    public void A_training_that_diverges_late_leaves_the_weights_from_before()
    {
        // The rate grows by 10^12 after two epochs.
        TrainingDivergedException error = Assert.ThrowsExactly<TrainingDivergedException>(() => Train(options =>
        {
            options.Epoch = 9;
            options.LearningRateSchedule = new Explosion();
            options.Optimizer = new Sgd();
        }));
        StringAssert.Contains(error.Message, "ClipGradientNorm");
        ConvNetTransformer? model = ConvNetTransformer.FromFailure(error);
        Assert.IsNotNull(model);
        Assert.IsTrue(model.Weights.Names.All(name => model.Weights[name].Span.ToArray().All(float.IsFinite)));
    }

    [TestMethod]
    public void An_exception_before_the_training_has_no_model()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => Train(options => options.Epoch = 0));
        Assert.IsNull(ConvNetTransformer.FromFailure(error));
    }

    private ConvNetTransformer Train(Action<ConvNetMulticlassTrainer.Options> set) => BarModels.Train(_context, options =>
    {
        options.Seed = 3;
        options.LearningRateSchedule = new ConstantLearningRate();
        set(options);
    });

    private sealed class SealedException : Exception
    {
        public override IDictionary Data { get; } = new ReadOnlyDictionary<string, string>(new Dictionary<string, string>());
    }

    private sealed record Explosion : LearningRateSchedule
    {
        protected override float DecayAt(int epoch, long stepNumber, long totalSteps) => epoch < 2 ? 1 : 1e12f;
    }
}
