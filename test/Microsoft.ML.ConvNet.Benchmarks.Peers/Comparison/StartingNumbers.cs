using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>The weights, images and labels with which both sides begin.</summary>
internal static class StartingNumbers
{
    /// <summary>
    /// Weights as before training, but with biases that are not zero, batch normalisation that does something, and a last layer of such a
    /// scale that the softmax's inputs have variance 1: the softmax would hide errors if it gave one class everything.
    /// </summary>
    public static Weights Weights(Network network, float[] images)
    {
        Weights weights = Networks.Weights.Initialize(network, seed: 1);
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            NetworkParameter parameter = network.Parameters[i];
            (float minimum, float maximum) = (network.Nodes[parameter.Node].Layer, parameter.Definition.Name) switch
            {
                (BatchNorm, "weight") => (0.5f, 0.9f),
                (BatchNorm, "running_var") => (0.8f, 1.2f),
                (_, "bias" or "running_mean") => (-0.1f, 0.1f),
                _ => (0f, 0f),
            };
            if (minimum != maximum)
            {
                Fill(weights[parameter.Name].Span, (uint)i + 1, minimum, maximum);
            }
        }

        ScaleLogits(network, weights, images.AsSpan(0, network.InputShape.ElementCount));
        return weights;
    }

    /// <summary>Images, [N, H, W, C], of mean 0 and variance 1.</summary>
    public static float[] Images(Network network, int batch)
    {
        float[] images = new float[(long)batch * network.InputShape.ElementCount];
        float range = MathF.Sqrt(3);
        Fill(images, 0, -range, range);
        return images;
    }

    /// <summary>The class of each image.</summary>
    public static int[] Labels(Network network, int batch)
    {
        RandomStream random = new(seed: 2, RandomPurpose.Synthesis);
        int[] labels = new int[batch];
        for (int i = 0; i < batch; i++)
        {
            labels[i] = random.NextIndex(network.OutputShape.ElementCount);
        }

        return labels;
    }

    /// <summary>
    /// Divides the parameters of the last layer that has any by the deviation of what the softmax reads: nothing behind that layer but
    /// rectifiers and means, which scale with their input.
    /// </summary>
    private static void ScaleLogits(Network network, Weights weights, ReadOnlySpan<float> image)
    {
        float[] outputs = new float[network.OutputShape.ElementCount];
        using (InferenceModel model = new(network, weights, Work.Threads))
        {
            model.Predict(image, 1, outputs);
        }

        // Up to a constant, the logarithm of the softmax is what the softmax reads.
        float[] logits = [.. outputs.Select(output => MathF.Log(MathF.Max(output, float.Epsilon)))];
        float mean = logits.Average();
        float deviation = MathF.Sqrt(logits.Average(logit => (logit - mean) * (logit - mean)));
        int last = network.Parameters[^1].Node;
        foreach (NetworkParameter parameter in network.Parameters.Where(parameter => parameter.Node == last))
        {
            foreach (ref float number in weights[parameter.Name].Span)
            {
                number /= deviation;
            }
        }
    }

    private static void Fill(Span<float> numbers, uint index, float minimum, float maximum)
    {
        RandomStream random = new(seed: 1, RandomPurpose.Synthesis, index);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.NextSingle(minimum, maximum);
        }
    }
}
