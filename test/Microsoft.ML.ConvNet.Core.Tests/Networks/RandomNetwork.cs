using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Networks with random layers and random wiring; a seed always gives the same one.</summary>
internal static class RandomNetwork
{
    /// <summary>Makes one: images in, a vector out, every branch joined at the end.</summary>
    public static Network Create(ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.Synthesis);
        List<SymbolicTensor> open = [Network.Input(5 + random.NextIndex(5), 5 + random.NextIndex(5), 1 + random.NextIndex(5))];
        int layers = 5 + random.NextIndex(11);
        for (int i = 0; i < layers; i++)
        {
            int at = random.NextIndex(open.Count);
            SymbolicTensor from = open[at];
            SymbolicTensor next = Grow(open, at, ref random);

            // Now and then what was read stays open, so that a branch starts there.
            if (random.NextIndex(3) > 0)
            {
                open.Remove(from);
            }

            open.Add(next);
        }

        List<SymbolicTensor> vectors = [];
        foreach (SymbolicTensor tensor in open)
        {
            vectors.Add(random.NextIndex(2) == 0 ? tensor.GlobalAvgPool() : tensor.Flatten());
        }

        SymbolicTensor joined = vectors.Count == 1 ? vectors[0] : vectors[0].Concat([.. vectors.Skip(1)]);
        SymbolicTensor output = joined.Dense(2 + random.NextIndex(8));
        return random.NextIndex(2) == 0 ? output : output.Softmax();
    }

    private static SymbolicTensor Grow(List<SymbolicTensor> open, int at, ref RandomStream random)
    {
        SymbolicTensor from = open[at];
        Shape shape = from.Shape;
        switch (random.NextIndex(10))
        {
            case 0:
            case 1:
                return from.Conv(1 + random.NextIndex(9), 3, padding: Padding.Same, stride: 1 + random.NextIndex(2), useBias: random.NextIndex(2) == 0);
            case 2:
                return from.Conv(shape.Channels, (1, 3), padding: Padding.Symmetric(0, 1), groups: shape.Channels);
            case 3:
                return from.BatchNorm(epsilon: 0.1f);
            case 4 when Math.Min(shape.Height, shape.Width) >= 2:
                return from.MaxPool(2, stride: 1 + random.NextIndex(2), padding: Padding.Same);
            case 5:
                return from.AvgPool(3, stride: 1, padding: 1);
            case 6:
                return from.Dropout(0);
            case 7:
                SymbolicTensor[] alike = [.. open.Where(other => other.Shape == shape)];
                return from.Add([.. Enumerable.Range(0, 1 + random.NextIndex(2)).Select(i => alike[i % alike.Length])]);
            case 8:
                SymbolicTensor[] joinable =
                    [.. open.Where(other => other.Shape.Height == shape.Height && other.Shape.Width == shape.Width).Take(2)];
                return from.Concat(joinable);
            default:
                return random.NextIndex(6) switch
                {
                    0 => from.Relu(),
                    1 => from.Tanh(),
                    2 => from.Sigmoid(),
                    3 => from.LeakyRelu(0.2f),
                    4 => from.Silu(),
                    _ => from.Elu(),
                };
        }
    }
}
