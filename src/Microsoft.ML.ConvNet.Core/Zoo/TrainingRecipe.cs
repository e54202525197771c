namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>How to train a network where the user says nothing: numbers that are known to work for it.</summary>
/// <param name="Optimizer">The rule by which the weights are moved.</param>
/// <param name="LearningRate">The step of that rule.</param>
/// <param name="BatchSize">Samples a step.</param>
/// <param name="Epochs">Passes over the samples, where there are many.</param>
public sealed record TrainingRecipe(RecipeOptimizer Optimizer, float LearningRate, int BatchSize, int Epochs)
{
    /// <summary>The samples of a step for networks that were made for ImageNet: few enough for the memory of one machine.</summary>
    private const int ImageNetBatchSize = 32;

    /// <summary>
    /// How often weights without gradient may fall to 1/e in the least number of steps: of a handful of samples a pass is a few steps, and a decay within
    /// some passes would take away what is learnt before it is.
    /// </summary>
    private const float DecaysInMinimumSteps = 5;

    /// <summary>The momentum of stochastic gradient descent.</summary>
    public float Momentum { get; init; }

    /// <summary>The weight decay.</summary>
    public float WeightDecay { get; init; }

    /// <summary>
    /// The passes over the samples in which AdamW's decay, at the full learning rate, takes a weight without gradient to 1/e: what suits a network is much
    /// the same however many samples there are (Wang and Aitchison, "How to set AdamW's weight decay as you scale model and dataset size", 2024). Of so few
    /// samples that these passes are less than a fifth of <see cref="MinimumSteps"/>, it is that fifth. 0 where <see cref="WeightDecay"/> says it.
    /// </summary>
    public float DecayEpochs { get; init; }

    /// <summary>
    /// Whether the learning rate falls to zero along half a cosine (Loshchilov and Hutter, 2017), rather than staying as it is.
    /// </summary>
    public bool CosineDecay { get; init; } = true;

    /// <summary>Steps that training takes at least: few samples are taken more often.</summary>
    public int MinimumSteps { get; init; } = 1000;

    /// <summary>The most passes, however few the samples are.</summary>
    public int MaximumEpochs { get; init; } = 40;

    /// <summary>
    /// The recipe of a paper that trained on ImageNet with stochastic gradient descent and a momentum of 0.9, for smaller batches: the
    /// learning rate falls with the batch (Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017).
    /// </summary>
    internal static TrainingRecipe OfImageNet(float learningRate, int batchSize, int epochs, float weightDecay) =>
        new(RecipeOptimizer.Sgd, learningRate * ImageNetBatchSize / batchSize, ImageNetBatchSize, epochs)
        {
            Momentum = 0.9f,
            WeightDecay = weightDecay,
        };

    /// <summary>
    /// The recipe of a paper that trained on CIFAR with stochastic gradient descent, a momentum of 0.9 and batches of 128 samples.
    /// </summary>
    internal static TrainingRecipe OfCifar(float learningRate, int epochs, float weightDecay) =>
        new(RecipeOptimizer.Sgd, learningRate, BatchSize: 128, epochs)
        {
            Momentum = 0.9f,
            WeightDecay = weightDecay,
        };

    /// <summary>The weight decay for a number of samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="batchSize">Those of a step.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not more than 0.</exception>
    public float WeightDecayFor(long samples, int batchSize, float learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        long steps = (samples + batchSize - 1) / batchSize;
        return DecayEpochs == 0 ? WeightDecay : 1 / (learningRate * Math.Max(DecayEpochs * steps, MinimumSteps / DecaysInMinimumSteps));
    }

    /// <summary>Passes over a number of samples: as many as make the least number of steps, within limits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no sample.</exception>
    public int EpochsFor(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        long steps = (samples + BatchSize - 1) / BatchSize;
        return (int)Math.Clamp((MinimumSteps + steps - 1) / steps, Epochs, Math.Max(Epochs, MaximumEpochs));
    }
}
