using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Data.Augmentation;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>The images to train with, as a training takes them.</summary>
internal static class TrainingRows
{
    /// <summary>Images that are augmented anew in each epoch, and normalised.</summary>
    /// <param name="rows">The images, as they are.</param>
    /// <param name="augmentation">What is done to them at random; null for nothing.</param>
    /// <param name="seed">The seed of that.</param>
    /// <param name="order">The order of their colours.</param>
    /// <param name="normalization">What is done to their pixels then.</param>
    public static NormalizedDataset Of(
        ImageDataset rows, ImageAugmentation? augmentation, int seed, ChannelOrder order, PixelNormalization normalization) => new(
            augmentation is null ? rows : new AugmentedDataset(rows, augmentation, unchecked((uint)seed), isBlueFirst: order == ChannelOrder.Bgr),
            normalization);
}
