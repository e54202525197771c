using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>
/// Brings each feature of a set to mean 0 and a deviation of at most 1, on which a head learns in fewer steps, and lets the head's weights take that in,
/// so that they work on the features as they are.
/// </summary>
internal static class FeatureScaling
{
    /// <summary>
    /// The deviation, as a multiple of the mean one, up to which features are scaled alike: brought to 1 one by one, those that hardly ever differ would count
    /// as much as the others, which of few images is chance.
    /// </summary>
    private const double LeastDeviation = 2;

    /// <summary>Measures the features.</summary>
    /// <param name="features">The features of each sample, <c>[F]</c>.</param>
    public static PixelNormalization Measure(ImageDataset features)
    {
        int length = features.Shape.ElementCount;
        double[] means = new double[length];
        double[] deviations = new double[length];
        float[] values = new float[length];
        for (int sample = 0; sample < features.Count; sample++)
        {
            features.ReadSample(sample, values);
            for (int i = 0; i < length; i++)
            {
                means[i] += (double)values[i] / features.Count;
            }
        }

        for (int sample = 0; sample < features.Count; sample++)
        {
            features.ReadSample(sample, values);
            for (int i = 0; i < length; i++)
            {
                double difference = values[i] - means[i];
                deviations[i] += difference * difference / features.Count;
            }
        }

        double least = LeastDeviation * deviations.Average(Math.Sqrt);
        return new PixelNormalization(
            means.Select(mean => (float)mean),
            deviations.Select(square => least > 0 ? (float)Math.Min(1 / Math.Max(Math.Sqrt(square), least), float.MaxValue) : 1));
    }

    /// <summary>Writes into a network's weights those of a head that was trained on scaled features.</summary>
    /// <param name="head">The weights of the head.</param>
    /// <param name="scaling">How features were scaled.</param>
    /// <param name="name">The name of the fully connected layer, in head and network.</param>
    /// <param name="weights">The weights of the network.</param>
    public static void TakeIn(Weights head, PixelNormalization scaling, string name, Weights weights)
    {
        Tensor trained = head[$"{name}.weight"];
        int classes = trained.Shape.Channels;
        Span<float> matrix = weights[$"{name}.weight"].Span;
        double[] biases = [.. head[$"{name}.bias"].ToArray().Select(bias => (double)bias)];
        for (int i = 0; i < matrix.Length; i++)
        {
            int feature = i / classes;
            matrix[i] = trained.Span[i] * scaling.Scales[feature];
            biases[i % classes] -= (double)scaling.Offsets[feature] * scaling.Scales[feature] * trained.Span[i];
        }

        Span<float> bias = weights[$"{name}.bias"].Span;
        for (int i = 0; i < classes; i++)
        {
            bias[i] = (float)biases[i];
        }
    }
}
