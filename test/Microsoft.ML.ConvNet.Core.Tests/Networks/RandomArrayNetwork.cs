using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>
/// Networks in which layers on images and layers on arrays of any rank follow each other at random, so that what is reshaped, concatenated
/// along any axis, broadcast or constant meets every pass over the graph; a seed always gives the same one.
/// </summary>
internal static class RandomArrayNetwork
{
    private const int MostOpen = 6;

    /// <summary>Makes one: images in, a vector out, every branch joined at the end.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="scale">What the height and the width of small images are multiplied by.</param>
    public static Network Create(ulong seed, int scale = 1)
    {
        RandomStream random = new(seed, RandomPurpose.Synthesis);
        int height = scale * (2 + random.NextIndex(5));
        int width = scale * (2 + random.NextIndex(5));
        List<SymbolicTensor> open = [Network.Input(height, width, 1 + random.NextIndex(6))];
        int mostElements = 1_500 * scale * scale;
        int layers = 6 + random.NextIndex(14);
        for (int i = 0; i < layers; i++)
        {
            SymbolicTensor from = open[random.NextIndex(open.Count)];
            SymbolicTensor next = Grow(open, from, ref random);
            if (next.Shape.ElementCount > mostElements)
            {
                continue;
            }

            // Often what was read stays open, so that a branch starts there.
            if (random.NextIndex(2) > 0 || open.Count >= MostOpen)
            {
                open.Remove(from);
            }

            open.Add(next);
        }

        SymbolicTensor[] vectors = [.. open.Select(tensor => tensor.Flatten())];
        SymbolicTensor joined = vectors.Length == 1 ? vectors[0] : vectors[0].Concat([.. vectors.Skip(1)]);
        return joined.Dense(2 + random.NextIndex(5));
    }

    private static SymbolicTensor Grow(List<SymbolicTensor> open, SymbolicTensor from, ref RandomStream random)
    {
        Shape shape = from.Shape;
        int axis = random.NextIndex(shape.Rank);
        int seed = random.NextIndex(1 << 20);
        return random.NextIndex(7) switch
        {
            0 or 1 => Join(open, from, axis, ref random),
            2 => Move(from, axis, ref random),
            3 => Normalize(from, ref random),
            4 => Apply(from, seed),
            5 => WithConstant(from, axis, ref random),
            _ when shape.Rank == 2 => OnSequence(from, ref random),
            _ => OnImage(from.Shape.IsImage ? from : from.Reshape(ImageOf(shape)), ref random),
        };
    }

    // Several tensors as one; also one tensor with itself, or with a list that another join began with.
    private static SymbolicTensor Join(List<SymbolicTensor> open, SymbolicTensor from, int axis, ref RandomStream random)
    {
        Shape shape = from.Shape;
        SymbolicTensor[] alike = [.. open.Where(other => other.Shape.ElementCount == shape.ElementCount)
            .Select(other => other.Shape == shape ? other : other.Reshape(shape)).Take(1 + random.NextIndex(3))];
        SymbolicTensor[] fitting =
        [
            .. open.Where(other => other.Shape.Rank == shape.Rank
                && Enumerable.Range(0, shape.Rank).All(i => i == axis || other.Shape[i] == shape[i])).Take(1 + random.NextIndex(3)),
        ];
        SymbolicTensor other = alike[^1];
        return random.NextIndex(8) switch
        {
            0 => from.Add(alike),
            1 => from.Multiply(other.Tanh()),
            2 => from.Subtract(other.Tanh()),
            3 => from.Relu().Select(from, other),
            4 when shape.Rank >= 2 => from.MatMul(Transposed(other)),
            _ => from.Concat(axis, fitting),
        };
    }

    private static SymbolicTensor Transposed(SymbolicTensor tensor)
    {
        int[] axes = [.. Enumerable.Range(0, tensor.Shape.Rank)];
        (axes[^1], axes[^2]) = (axes[^2], axes[^1]);
        return tensor.Permute(axes).Scale(0.2f);
    }

    private static SymbolicTensor Move(SymbolicTensor from, int axis, ref RandomStream random)
    {
        Shape shape = from.Shape;
        int[] ends = new int[shape.Rank];
        ends[axis] = 1;
        switch (random.NextIndex(8))
        {
            case 0:
                return from.Reshape(Refolded(shape, ref random));
            case 1:
                return from.Permute([.. Enumerable.Range(0, shape.Rank).Select(i => (i + 1 + axis) % shape.Rank)]);
            case 2:
                return from.Slice(axis, random.NextIndex(shape[axis]), step: 1);
            case 3:
                return from.Slice(axis, int.MaxValue, int.MinValue, -1 - random.NextIndex(2));
            case 4:
                return from.Apply(new Pad(ends, ends)
                {
                    Mode = shape[axis] > 1 ? (PaddingMode)random.NextIndex(3) : PaddingMode.Constant,
                });
            case 5:
                return from.Gather(axis, [0, -1, 0]);
            case 6:
                return from.Reduce((ReduceFunction)random.NextIndex(4), [axis], random.NextIndex(2) == 0);
            default:
                return shape.Channels % 2 == 0 ? from.ChannelShuffle(2) : from.Dropout(0);
        }
    }

    // The same elements under another shape: two dimensions as one, or one as two.
    private static Shape Refolded(Shape shape, ref RandomStream random)
    {
        int axis = random.NextIndex(shape.Rank);
        List<int> dimensions = [.. shape];
        int factor = new[] { 2, 3, 5, 1 }.First(candidate => shape[axis] % candidate == 0);
        if (axis > 0 && (shape.Rank > 3 || random.NextIndex(2) == 0))
        {
            dimensions[axis - 1] *= dimensions[axis];
            dimensions.RemoveAt(axis);
        }
        else
        {
            dimensions[axis] /= factor;
            dimensions.Insert(axis + random.NextIndex(2), factor);
        }

        return new Shape([.. dimensions]);
    }

    private static Shape ImageOf(Shape shape) => shape.Rank switch
    {
        1 => [1, 1, shape[0]],
        _ => [shape[0], shape.ElementCount / shape[0] / shape.Channels, shape.Channels],
    };

    private static SymbolicTensor Normalize(SymbolicTensor from, ref RandomStream random)
    {
        Shape shape = from.Shape;
        return random.NextIndex(6) switch
        {
            0 => from.LocalResponseNorm(3, alpha: 0.5f),
            1 => from.GroupNorm(shape.Channels % 2 == 0 ? 2 : 1, epsilon: 0.1f),
            2 => from.InstanceNorm(epsilon: 0.3f),
            3 => from.Softmax(),
            _ => from.BatchNorm(epsilon: 0.3f),
        };
    }

    private static SymbolicTensor Apply(SymbolicTensor from, int seed) => (seed % 12) switch
    {
        0 => from.Relu(),
        1 => from.Prelu(shared: seed % 5 == 0),
        2 => from.HardSwish(),
        3 => from.Selu(),
        4 => from.Mish(),
        5 => from.Abs(),
        6 => from.Negate(),
        7 => from.Scale(0.7f),
        8 => from.LogSoftmax(),
        9 => from.Tanh().Exp(),
        10 => from.HardSigmoid(),
        _ => from.Tanh(),
    };

    private static SymbolicTensor WithConstant(SymbolicTensor from, int axis, ref RandomStream random)
    {
        Shape shape = from.Shape;
        int[] single = [.. Enumerable.Repeat(1, shape.Rank)];
        single[axis] = shape[axis];
        bool isTrainable = random.NextIndex(2) == 0;
        SymbolicTensor constant = from.Constant(random.NextIndex(2) == 0 ? shape : new Shape(single), isTrainable);
        return random.NextIndex(9) switch
        {
            0 => from.Add(constant),
            1 => constant.Subtract(from),
            2 => constant.Multiply(from),
            3 => from.Divide(constant.Tanh().Exp()),
            4 => constant.Select(from, constant),
            7 => from.Maximum(constant.Scale(0.5f + (random.NextIndex(1 << 16) * 1e-6f))),
            5 => from.MatMul(from.Constant([shape.Channels, 1 + random.NextIndex(5)], isTrainable)),
            6 => from.MatMul(from.Constant([shape.Channels], isTrainable)),
            _ => constant.Expand(shape).Concat(axis, from),
        };
    }

    private static SymbolicTensor OnSequence(SymbolicTensor from, ref RandomStream random)
    {
        int window = Math.Min(2, from.Shape[0]);
        return random.NextIndex(5) switch
        {
            0 => from.MaxPool1D(window, stride: 1),
            1 => from.AvgPool1D(window, stride: 1),
            2 => from.GlobalAvgPool1D(),
            _ => from.Conv1D(1 + random.NextIndex(20), window),
        };
    }

    private static SymbolicTensor OnImage(SymbolicTensor from, ref RandomStream random)
    {
        Shape shape = from.Shape;
        Size2D window = (Math.Min(2, shape.Height), Math.Min(2, shape.Width));
        return random.NextIndex(13) switch
        {
            7 => from.Resize((1 + random.NextIndex(8), 1 + random.NextIndex(8)), (ResizeMode)random.NextIndex(2)),
            8 => from.RoiAlign(from.Constant([2, 4]).Softmax().Add(from.Constant([2, 4])), 2),
            0 => from.DepthwiseConv(3, padding: Padding.Same),
            1 => from.ConvTranspose(1 + random.NextIndex(4), 3, stride: 1 + random.NextIndex(2), padding: 1),
            2 => from.Tanh().Exp().Apply(new LpPool2D(window) { Stride = 1 }),
            3 => from.Upsample((1, 2)),
            4 => from.MaxPool(window, stride: 1),
            5 => from.AvgPool(window, stride: 1),
            6 => from.GlobalMaxPool(),
            _ => from.Conv(1 + random.NextIndex(20), random.NextIndex(2) == 0 ? 1 : 3, padding: Padding.Same, useBias: random.NextIndex(2) == 0),
        };
    }
}
