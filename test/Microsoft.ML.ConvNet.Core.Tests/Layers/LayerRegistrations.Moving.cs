using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <content>Layers that move elements and compute nothing.</content>
internal static partial class LayerRegistrations
{
    private static LayerRegistration[] MovingLayers =>
    [
        Of<Concat>(
            layer => new MovingLayerOracle((call, place) => Concatenated(call, place, layer.Axis)),
            [
                ("5x4x3+5x4x2", new Concat()),
                ("7+17+2", new Concat()),
                ("5x4x3+2x4x3", new Concat { Axis = 0 }),
                ("5x4x3+5x1x3+5x2x3", new Concat { Axis = -2 }),
                ("2x1x3+2x1x5", new Concat { Axis = 2 }),
                ("2x3+4x3", new Concat { Axis = -2 }),
            ],
            [
                ("5x4x3+5x3x3", new Concat()),
                ("5x4x3+5x4x2", new Concat { Axis = 1 }),
                ("7+7", new Concat { Axis = 1 }),
                ("7+7", new Concat { Axis = -2 }),
                ("5x4+5", new Concat()),
            ]),
        Of<Permute>(
            layer => new MovingLayerOracle((call, place) =>
            {
                int[] from = new int[place.Length];
                for (int i = 0; i < place.Length; i++)
                {
                    from[Counted(layer.Axes[i], place.Length)] = place[i];
                }

                return (0, from);
            }),
            [
                (Image, new Permute([2, 0, 1])),
                ("37x3x18", new Permute([1, 2, 0])),
                ("18x35", new Permute([1, 0])),
                ("5x3x18", new Permute([1, 0, 2])),
                ("5x1x18", new Permute([1, 0, -1])),
                ("3x4x5x6", new Permute([3, 1, 2, 0])),
                ("3x17x2x16", new Permute([-2, 3, 0, 1])),
                ("2x3x2x3x2", new Permute([4, 2, 0, 3, 1])),
                ("9", new Permute([0])),
            ],
            [
                (Image, new Permute([0, 1])),
                (Image, new Permute([0, 1, 1])),
                (Image, new Permute([0, 1, -1, 2])),
                (Image, new Permute([0, 1, 3])),
                (Image, new Permute(default)),
            ]),
        Of<ChannelShuffle>(
            layer => new MovingLayerOracle((call, place) =>
            {
                int channels = call.OutputShape.Channels;
                return (0, [.. place[..^1], (place[^1] % layer.Groups * (channels / layer.Groups)) + (place[^1] / layer.Groups)]);
            }),
            [("5x4x6", new ChannelShuffle(3)), ("3x3x34", new ChannelShuffle(2)), ("40", new ChannelShuffle(20)), (Image, new ChannelShuffle(3))],
            [(Image, new ChannelShuffle(2)), (Image, new ChannelShuffle(0))]),
        Of<Slice>(
            layer => new MovingLayerOracle((call, place) =>
            {
                int[] from = [.. place];
                for (int i = 0; i < layer.Axes.Count; i++)
                {
                    int axis = Counted(layer.Axes[i], place.Length);
                    int step = layer.Steps.Count == 0 ? 1 : layer.Steps[i];
                    int length = call.InputShapes[0][axis];
                    int start = Math.Clamp(Counted(layer.Starts[i], length), 0, length - 1);
                    from[axis] = start + (place[axis] * step);
                }

                return (0, from);
            }),
            [
                ("5x4x20", new Slice([-1], [0], [10])),
                ("5x4x20", new Slice([2], [3], [Last])),
                ("5x6x3", new Slice([0, 1], [1, -4], [-1, Last])),
                ("5x6x3", new Slice([0, 1], [0, 1], [Last, Last], [2, 2])),
                ("5x6x3", new Slice([1, 2], [Last, -1], [First, -4], [-2, -1])),
                ("9", new Slice([0], [7], [1], [-3])),
                ("2x3x4x5", new Slice([1, 3], [1, 2], [3, 4])),
                (Image, new Slice([0], [-9], [9])),
            ],
            [
                (Image, new Slice([], [], [])),
                (Image, new Slice([0], [1, 2], [3])),
                (Image, new Slice([0], [0], [3], [0])),
                (Image, new Slice([0], [0], [3], [1, 1])),
                (Image, new Slice([3], [0], [3])),
                (Image, new Slice([0, -3], [0, 0], [3, 3])),
                (Image, new Slice([0], [3], [3])),
                (Image, new Slice([0], [0], [3], [-1])),
                (Image, new Slice([0], [5], [9])),
            ]),
        Of<Pad>(
            layer => new MovingLayerOracle(
                (call, place) =>
                {
                    Shape input = call.InputShapes[0];
                    int[] from = [.. place.Select((at, axis) => Padded(layer.Mode, at - layer.Before[axis], input[axis]))];
                    return (0, from.Contains(-1) ? null : from);
                },
                layer.Value),
            [
                (Image, new Pad([1, 2, 0], [0, 1, 0])),
                (Image, new Pad([1, 0, 2], [0, 0, 17]) { Value = -0.5f }),
                ("4x5x18", new Pad([2, 3, 0], [1, 0, 0]) { Mode = PaddingMode.Reflect }),
                ("4x5x18", new Pad([0, 1, 3], [0, 4, 17]) { Mode = PaddingMode.Reflect }),
                ("4x5x3", new Pad([6, 0, 1], [0, 9, 0]) { Mode = PaddingMode.Replicate }),
                ("7", new Pad([3], [0])),
                ("2x3x4x2", new Pad([0, 1, 0, 0], [1, 0, 0, 0])),
                (Image, new Pad([0, 0, 0], [0, 0, 0])),
            ],
            [
                (Image, new Pad([1, 1], [1, 1])),
                (Image, new Pad([1, 1, 1], [1, 1])),
                (Image, new Pad([1, -1, 0], [0, 0, 0])),
                (Image, new Pad([5, 0, 0], [0, 0, 0]) { Mode = PaddingMode.Reflect }),
                (Image, new Pad([0, 0, 0], [Last, 0, 0])),
                (Image, new Pad([0, 0, 0], [1 << 20, 1 << 20, 0])),
                (Image, new Pad([0, 0, 0], [1, 0, 0]) { Value = float.NaN }),
                (Image, new Pad([0, 0, 0], [1, 0, 0]) { Mode = (PaddingMode)3 }),
            ]),
        Of<Gather>(
            layer => new MovingLayerOracle((call, place) =>
            {
                int[] from = [.. place];
                int axis = Counted(layer.Axis, place.Length);
                from[axis] = Counted(layer.Indices[place[axis]], call.InputShapes[0][axis]);
                return (0, from);
            }),
            [
                ("5x4x18", new Gather(0, [4, 0, 0, -1])),
                ("5x4x18", new Gather(-2, [1, 2])),
                ("5x4x18", new Gather(2, [3, 4, 5, 6, 17, 0, 0, 1, 2])),
                ("6", new Gather(0, [5])),
            ],
            [(Image, new Gather(0, [])), (Image, new Gather(0, [5])), (Image, new Gather(0, [-6])), (Image, new Gather(3, [0]))]),
        Of<Expand>(
            _ => new MovingLayerOracle((call, place) =>
                (0, Places.Of(call.InputShapes[0], Places.Broadcast(call.InputShapes[0], place)))),
            [
                ("1x1x18", new Expand([5, 4, 18])),
                ("5x4x1", new Expand([5, 4, 18])),
                ("3x1x2", new Expand([2, 3, 4, 2])),
                ("1", new Expand([3, 17])),
                ("6", new Expand([1, 6])),
            ],
            [(Image, new Expand([5, 4, 2])), (Image, new Expand([4, 3])), ("1", new Expand(default))]),
    ];

    private static int Counted(int at, int length) => at < 0 ? at + length : at;

    private static int Padded(PaddingMode mode, int at, int length) => mode switch
    {
        PaddingMode.Reflect when at < 0 => -at,
        PaddingMode.Reflect when at >= length => length - 1 - (at - (length - 1)),
        PaddingMode.Replicate when at < 0 => 0,
        PaddingMode.Replicate when at >= length => length - 1,
        PaddingMode.Constant when at < 0 || at >= length => -1,
        _ => at,
    };

    private static (int Input, int[]? Place) Concatenated(OracleCall call, int[] place, int along)
    {
        int axis = Counted(along, place.Length);
        int[] from = [.. place];
        int input = 0;
        for (; from[axis] >= call.InputShapes[input][axis]; input++)
        {
            from[axis] -= call.InputShapes[input][axis];
        }

        return (input, from);
    }
}
