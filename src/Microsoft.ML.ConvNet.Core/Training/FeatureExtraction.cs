using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>
/// Computes once what layers that are not trained give for each sample, so that what is trained behind them has no pass through them in each epoch:
/// a head on the features of a trained network learns in a fraction of the time. Samples are taken as they are without an epoch, not augmented.
/// </summary>
public static class FeatureExtraction
{
    /// <summary>Computes the features of all samples.</summary>
    /// <param name="network">The layers that are not trained, such as a truncated network.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="samples">The samples, of the network's input shape.</param>
    /// <param name="batchSize">The number of samples that are computed at a time.</param>
    /// <param name="numberOfThreads">The most threads to use; 0 for one a core. The features do not depend on it.</param>
    /// <param name="computed">Told the number of samples that are done, after each batch, by the calling thread.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>A set of the features, of the network's output shape, with the targets and weights of the samples; the receiver's to dispose of.</returns>
    /// <exception cref="ArgumentException">Samples, weights and network do not fit together.</exception>
    /// <exception cref="InvalidDataException">Features of a sample are not finite.</exception>
    /// <exception cref="InsufficientMemoryException">The machine has not the memory.</exception>
    public static InMemoryDataset Run(
        Network network,
        Weights weights,
        ImageDataset samples,
        int batchSize = 32,
        int numberOfThreads = 0,
        Action<int>? computed = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(samples);
        Setting.RequireRange(batchSize >= 1, "The batch size", "at least 1", batchSize);
        Setting.Require(
            samples.Shape == network.InputShape, $"The network takes samples of {network.InputShape}. Received: samples of {samples.Shape}.");
        using InferenceModel model = new(network, weights, numberOfThreads);
        InMemoryDataset features = samples.TargetLength > 0
            ? InMemoryDataset.WithTargets(network.OutputShape, samples.TargetLength)
            : new InMemoryDataset(network.OutputShape, samples.ClassCount);
        try
        {
            Fill(features, model, samples, Math.Min(batchSize, Math.Max(samples.Count, 1)), computed, cancellationToken);
            return features;
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    private static void Fill(
        InMemoryDataset features,
        InferenceModel model,
        ImageDataset samples,
        int batchSize,
        Action<int>? computed,
        CancellationToken cancellationToken)
    {
        int length = samples.Shape.ElementCount;
        int outputs = features.Shape.ElementCount;
        float[] pixels = new float[checked(batchSize * length)];
        float[] results = new float[checked(batchSize * outputs)];
        float[] target = new float[samples.TargetLength];
        for (int from = 0; from < samples.Count; from += batchSize)
        {
            int count = Math.Min(batchSize, samples.Count - from);
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                samples.ReadSample(from + i, pixels.AsSpan(i * length, length));
            }

            model.Predict(pixels.AsSpan(0, count * length), count, results.AsSpan(0, count * outputs), cancellationToken);
            for (int i = 0; i < count; i++)
            {
                Add(features, samples, from + i, results.AsSpan(i * outputs, outputs), target);
            }

            computed?.Invoke(from + count);
        }
    }

    private static void Add(InMemoryDataset features, ImageDataset samples, int sample, ReadOnlySpan<float> values, float[] target)
    {
        int other = FiniteNumbers.FirstOther(values);
        if (other >= 0)
        {
            throw new InvalidDataException(
                Invariant($"Sample {sample}: features are finite numbers. Received: {values[other]} as number {other}, as of pixels or weights that ")
                + "are not, or too great.");
        }

        if (target.Length == 0)
        {
            features.Add(values, samples.LabelOf(sample), samples.WeightOf(sample));
            return;
        }

        samples.ReadTarget(sample, target);
        features.Add(values, target, samples.WeightOf(sample));
    }
}
