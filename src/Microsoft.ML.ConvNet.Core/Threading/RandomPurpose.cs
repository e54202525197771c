namespace Microsoft.ML.ConvNet.Threading;

/// <summary>What a random number is for: a part of its key, so that no two purposes share a sequence.</summary>
internal enum RandomPurpose : uint
{
    /// <summary>Initial weights; index 0 is the parameter's number in the network.</summary>
    Initialization = 1,

    /// <summary>The order of the samples; index 0 is the epoch.</summary>
    Shuffling = 2,

    /// <summary>Which activations are dropped; the counter holds layer, epoch, sample and element.</summary>
    Dropout = 3,

    /// <summary>The split into training and validation samples.</summary>
    Splitting = 5,

    /// <summary>Synthetic data; index 0 is the sample.</summary>
    Synthesis = 6,

    /// <summary>What is done to an image before it is trained with; index 0 is the epoch, index 1 the sample.</summary>
    Augmentation = 7,

    /// <summary>What is added to its values, or put in their place; index 0 is the epoch, index 1 the sample.</summary>
    AugmentationNoise = 8,

    /// <summary>Which other sample a sample is mixed with, and how; index 0 is the epoch, index 1 the sample.</summary>
    Mixing = 9,
}
