using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>A problem that a small network learns in a moment: is the line across the image horizontal or vertical?</summary>
internal static class SmallImages
{
    private const int Size = 6;

    /// <summary>A network for the problem.</summary>
    public static Network Network { get; } =
        ConvNet.Networks.Network.Input(Size, Size, 1).Conv(4, 3).Relu().MaxPool(2).Flatten().Dense(2).Softmax();

    /// <summary>Images with a line each over some noise.</summary>
    /// <param name="count">The number of images.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="exchanged">Whether the classes have each other's number.</param>
    public static InMemoryDataset Make(int count, int seed, bool exchanged = false)
    {
        Random random = new(seed);
        InMemoryDataset dataset = new(new Shape(Size, Size, 1), 2);
        float[] pixels = new float[Size * Size];
        for (int i = 0; i < count; i++)
        {
            int label = i % 2;
            int line = random.Next(Size);
            for (int p = 0; p < pixels.Length; p++)
            {
                bool isOnLine = (label == 0 ? p / Size : p % Size) == line;
                pixels[p] = (isOnLine ? 1f : 0f) + (0.2f * (random.NextSingle() - 0.5f));
            }

            dataset.Add(pixels, exchanged ? 1 - label : label);
        }

        return dataset;
    }
}
