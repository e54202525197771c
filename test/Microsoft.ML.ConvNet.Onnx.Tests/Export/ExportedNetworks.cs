using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>Networks with random weights, and their inputs and outputs in the order of an exported model.</summary>
internal static class ExportedNetworks
{
    /// <summary>Weights of which none is 0 or 1; scales and variances are over 0, and boxes are boxes.</summary>
    public static Weights RandomWeights(Network network)
    {
        Weights weights = Weights.Initialize(network, 3);
        int seed = 0;
        foreach (string name in weights.Names)
        {
            seed++;
            Span<float> values = weights[name].Span;
            float[] numbers = RandomNumbers(values.Length, seed);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = name == "boxes.value" ? Box(i)
                    : name.EndsWith(".running_var", StringComparison.Ordinal) ? 0.5f + MathF.Abs(numbers[i])
                    : weights[name].Shape.Rank > 1 ? values[i] == 0 ? numbers[i] : values[i]
                    : numbers[i];
            }
        }

        return weights;
    }

    /// <summary>Numbers between -1 and 1.</summary>
    public static float[] RandomNumbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    /// <summary>The scores of a network in the order of an exported model's output.</summary>
    public static OnnxTensor Score(Network network, Weights weights, float[] input, int batch, OnnxValueInfo output)
    {
        using InferenceModel model = new(network, weights, numberOfThreads: 1);
        float[] scores = new float[batch * network.OutputShape.ElementCount];
        model.Predict(input, batch, scores);
        return ToOnnx(output, network.OutputShape, scores, batch);
    }

    /// <summary>A batch of samples in the order of an exported model's input or output, which its dimensions tell.</summary>
    public static OnnxTensor ToOnnx(OnnxValueInfo value, Shape shape, float[] numbers, int batch)
    {
        int[] dimensions = Dimensions(value, batch);
        int[] asIs = [batch, .. shape];
        bool isChannelsFirst = shape.IsImage || !dimensions.SequenceEqual(asIs);
        return new OnnxTensor(dimensions, isChannelsFirst ? ChannelsFirst(numbers, batch, shape) : numbers);
    }

    /// <summary>The dimensions of an exported model's input or output for a batch.</summary>
    public static int[] Dimensions(OnnxValueInfo value, int batch) => [.. value.Dimensions!.Select(dimension => dimension ?? batch)];

    private static float[] ChannelsFirst(float[] numbers, int batch, Shape shape)
    {
        int channels = shape.Channels;
        int positions = shape.ElementCount / channels;
        float[] moved = new float[numbers.Length];
        for (int sample = 0; sample < batch; sample++)
        {
            for (int position = 0; position < positions; position++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    moved[(((sample * channels) + channel) * positions) + position] = numbers[(((sample * positions) + position) * channels)
                        + channel];
                }
            }
        }

        return moved;
    }

    private static float Box(int i) => new[] { 0, 0, 5, 4, 1.5f, 0.5f, 3, 4.5f, 2, 2, 8, 9 }[i % 12];
}
