using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Training.Schedules;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    private const int UsualBatchesAhead = 2;

    /// <summary>How often every sample is taken; 10 where not given.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// The number of samples of a step; 32 where not given. The last batch of an epoch has those that are left; a single one that would be
    /// left joins the batch before where batch normalisation is trained, since a batch of one has no statistics.
    /// </summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// The number of batches whose gradients make one step: 1 where not given. 8 batches of 32 train as one of 256 does, but for batch
    /// normalisation, in the memory of one of 32.
    /// </summary>
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>How the weights follow the gradient; SGD with momentum where not given.</summary>
    public Optimizer Optimizer { get; init; } = new Sgd();

    /// <summary>The learning rate, in place of the optimizer's own.</summary>
    public float? LearningRate { get; init; }

    /// <summary>How the learning rate changes; not at all where not given.</summary>
    public LearningRateSchedule Schedule { get; init; } = new ConstantLearningRate();

    /// <summary>What is made small; the cross-entropy of the classes where not given.</summary>
    public Loss Loss { get; init; } = new SoftmaxCrossEntropy();

    /// <summary>
    /// How auxiliary outputs are trained, where that is not by <see cref="Loss"/> and the network's weights. The first that names one counts for it.
    /// The losses of all are summed up in the training loss; what scores, and what validation measures, is the network's own output alone.
    /// </summary>
    public IReadOnlyList<HeadLoss> HeadLosses { get; init; } = [];

    /// <summary>
    /// The parameter of mixup (Zhang et al., 2018): each training sample becomes the mean of itself and another one, by a share of the distribution
    /// Beta(a, a), and its target that of both. At least 0; 0, not at all, where not given; 0.1 to 0.4 is usual. Which sample, and what share, follows
    /// from seed, epoch and sample.
    /// </summary>
    /// <remarks>
    /// The loss of a training is then the one of mixed targets, which is never near 0, and its accuracy the share of samples for which the class
    /// of the greater share was found: neither compares with those of validation samples, which are not mixed. Where samples have weights
    /// (<see cref="ImageDataset.WeightOf"/>), each of the two targets counts by its sample's weight times its share; a sample of the weight 0, or with such
    /// a partner, is left as it is.
    /// </remarks>
    public float Mixup { get; init; }

    /// <summary>
    /// The parameter of CutMix (Yun et al., 2019): each training image gets a rectangle of another one, of a share of its area of the distribution
    /// Beta(a, a), and the target of both by their areas. At least 0; 0, not at all, where not given; 1 is usual. With <see cref="Mixup"/>, too,
    /// every other sample, at random, is mixed in one way, and the others in the other.
    /// </summary>
    /// <inheritdoc cref="Mixup" path="/remarks"/>
    public float CutMix { get; init; }

    /// <summary>The seed of initial weights, order and dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most threads to use; 0 for one a core. The weights that result do not depend on it.</summary>
    public int NumberOfThreads { get; init; }

    /// <summary>
    /// The most batches that are read, and augmented and normalised with it, ahead of the one that is learnt from, by a thread beside those that
    /// compute; 0 for none, so that those threads read each batch together. Where not given, the first batches of a training try out which of the two,
    /// with 2 batches ahead, is faster. None are where one thread only may be used, and where the samples lie in memory as they are
    /// (<see cref="ImageDataset.IsInMemory"/>). The weights that result do not depend on it; each takes the memory of a batch of samples.
    /// </summary>
    public int? PrefetchedBatches { get; init; }

    /// <summary>What the planner may do.</summary>
    public PlanOptions PlanOptions { get; init; } = Planning.PlanOptions.Default;

    /// <summary>Whether each epoch takes the samples in a random order of its own; true where not given.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Samples with which each epoch's weights are judged.</summary>
    public ImageDataset? ValidationSet { get; init; }

    /// <summary>
    /// Whether the weights of the best epoch are kept, rather than the last: by validation loss, or, without a validation set, by the
    /// training loss; true where not given.
    /// </summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>After how many epochs without a better one training ends; never where not given.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>The greatest length of the gradient over all weights: a longer one is shortened to it (Pascanu et al., 2013).</summary>
    public float? ClipGradientNorm { get; init; }

    /// <summary>
    /// The greatest absolute value of an element of the gradient: a larger one is set to it, with its sign (Mikolov, 2012). Where the length
    /// is limited, too, that is done afterwards.
    /// </summary>
    public float? ClipGradientValue { get; init; }

    /// <summary>
    /// Layers that learn at a rate of their own, decay by a factor of their own, or not at all. The first group that names a layer counts for
    /// it; layers that none names learn as the optimizer says.
    /// </summary>
    public IReadOnlyList<ParameterGroup> Groups { get; init; } = [];

    /// <summary>
    /// The names, or patterns of names (<c>*</c> stands for any characters, <c>?</c> for one), of the layers whose parameters keep their values,
    /// beside the groups that are frozen. Batch normalisation that is frozen keeps its running statistics, too,
    /// and normalises by them as it does when it scores.
    /// </summary>
    public IReadOnlyCollection<string> FrozenLayers { get; init; } = [];

    /// <summary>
    /// What the initial weights are a function of, by names and values, where they are computed anew by who goes on with a training: checkpoints note it, and
    /// refuse another. Where it is empty, as where not given, they note the hash of the initial weights (<see cref="Weights.ComputeHash"/>). A training that
    /// writes checkpoints refuses a name that it notes something else by, such as "seed", with an <see cref="ArgumentException"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> InitialWeightsOrigin { get; init; } = new Dictionary<string, string>();

    /// <summary>What is told how the training goes, and may change how it goes on: stopping early, averages of weights, logs.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>Called after each step, by the thread that trains.</summary>
    public Action<TrainingProgress>? BatchCompleted { get; init; }

    /// <summary>Called after each epoch, by the thread that trains.</summary>
    public Action<EpochMetrics>? EpochCompleted { get; init; }

    /// <summary>
    /// Called with a sentence on what is likely to spoil the training though it is allowed, before it begins, by the thread that trains.
    /// </summary>
    public Action<string>? Warned { get; init; }

    /// <summary>
    /// Called where training ends by an exception (divergence, a bad sample, what a callback throws), by the thread that trains and before the
    /// exception is thrown on, with what it gave until then, as after a cancellation: the weights of the best epoch, or, where none was
    /// completed or the best are not kept, those of that moment. They are the receiver's to dispose of. Not called where only those of that moment are left and they diverged.
    /// </summary>
    public Action<TrainingResult>? Failed { get; init; }

    /// <summary>Ends training before the next layer of a batch is computed; the result has the weights so far.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>How many batches are read ahead, or may be: none where one thread only may be used.</summary>
    internal int BatchesAhead => WorkerPool.ThreadCount(NumberOfThreads) > 1 ? PrefetchedBatches ?? UsualBatchesAhead : 0;

    /// <summary>
    /// Bytes that a training takes, without the samples that its sets hold: what <see cref="NetworkSummary.TrainingBytes"/> counts, with as many numbers as
    /// the optimizer keeps; the weights of the best epoch and the average of weights, where these are kept; and the batches that are read ahead. A plan that
    /// shares memory takes less.
    /// </summary>
    /// <param name="network">The network that is trained.</param>
    public long MemoryBytes(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        NetworkSummary summary = network.Summary();
        int copies = (KeepBest || Callbacks.OfType<KeepBest>().Any() ? 1 : 0) + (Callbacks.OfType<WeightAverage>().Any() ? 1 : 0);
        long batch = (long)BatchSize * network.InputShape.ElementCount * sizeof(float);
        return summary.TrainingBytes(BatchSize, Optimizer.SlotCount) + (copies * summary.ParameterBytes) + (BatchesAhead * batch);
    }

    /// <summary>Throws where a setting is out of its range, or does not fit a network: what can be said before there are samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="isValidated">Whether there will be a validation set.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or does not fit.</exception>
    public void Require(Network network, bool isValidated)
    {
        ArgumentNullException.ThrowIfNull(network);
        TrainingChecks.CheckOptions(this, network, isValidated);
    }
}
