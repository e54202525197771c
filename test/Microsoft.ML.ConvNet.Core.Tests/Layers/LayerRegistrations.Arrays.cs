using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <content>Layers on tensors as arrays.</content>
internal static partial class LayerRegistrations
{
    private const int Last = int.MaxValue;
    private const int First = int.MinValue;
    private static readonly (string, Layer)[] MisfitsOfAdd = Misfits(new Add());

    private static LayerRegistration[] Arrays =>
    [
        .. ArithmeticLayers,
        .. MovingLayers,
        Of<Reshape>(
            _ => new IdentityLayerOracle(),
            [(Image, new Reshape([3, 20])), ("12", new Reshape([2, 1, 3, 2])), (Image, new Reshape([60]))],
            [(Image, new Reshape([61])), (Image, new Reshape(default)), ("6", new Reshape([1, 1, 1, 1, 1, 1, 1, 1, 6]))]),
        Of<Constant>(
            layer => new ConstantLayerOracle(layer.IsTrainable),
            [(Image, new Constant([2, 3])), ("7", new Constant([19]) { IsTrainable = true }), ("7", new Constant([3, 1, 40]) { IsTrainable = true })],
            [(Image, new Constant(default)), (Image, new Constant([1, 1, 1, 1, 1, 1, 1, 1, 1]))]),
        Of<MatMul>(
            _ => new MatMulLayerOracle(),
            [
                ("5x7+7x6", new MatMul()),
                ("9x4+4x37", new MatMul()),
                ("2x3x4x5+2x3x5x2", new MatMul()),
                ("2x5x4+1x4x18", new MatMul()),
                ("1x3x4+6x1x4x2", new MatMul()),
                ("3x4+2x4x40", new MatMul()),
                ("7+7x5", new MatMul()),
                ("5x7+7", new MatMul()),
                ("3x2x7+7", new MatMul()),
                ("7+3x7x2", new MatMul()),
                ("9+9", new MatMul()),
            ],
            [("5x7+6x7", new MatMul()), ("7+6", new MatMul()), ("2x5x7+3x7x5", new MatMul())]),
        Of<Reduce>(
            layer => new ReduceLayerOracle(layer),
            [
                (Image, new Reduce(ReduceFunction.Mean, [0, 1])),
                ("3x50x70", new Reduce(ReduceFunction.Sum, [1])),
                ("3x4x150", new Reduce(ReduceFunction.Mean, [-3]) { KeepDimensions = false }),
                ("4x3x37", new Reduce(ReduceFunction.Mean, [-1])),
                ("2x9x3x5", new Reduce(ReduceFunction.Sum, [0, 2]) { KeepDimensions = false }),
                ("2x9x3x5", new Reduce(ReduceFunction.Mean, [1, 3])),
                ("2x3x4", new Reduce(ReduceFunction.Sum, [0, 1, 2]) { KeepDimensions = false }),
                ("3x1x4", new Reduce(ReduceFunction.Sum, [1])),
                (Image, new Reduce(ReduceFunction.Max, [0, 1])),
                ("4x3x37", new Reduce(ReduceFunction.Min, [2]) { KeepDimensions = false }),
                ("2x9x3x5", new Reduce(ReduceFunction.Min, [0, 2])),
                ("2x9x3x5", new Reduce(ReduceFunction.Max, [1, 3])),
                ("5x21", new Reduce(ReduceFunction.Max, [0, 1]) { KeepDimensions = false }),
            ],
            [
                (Image, new Reduce(ReduceFunction.Mean, [])),
                (Image, new Reduce(ReduceFunction.Mean, [3])),
                (Image, new Reduce(ReduceFunction.Mean, [-4])),
                (Image, new Reduce(ReduceFunction.Mean, [1, -2])),
                (Image, new Reduce((ReduceFunction)9, [1])),
            ]),
    ];

    private static LayerRegistration[] ArithmeticLayers =>
    [
        Of<Add>(
            _ => new BroadcastLayerOracle(x => x.Sum(), x => [.. x.Select(_ => 1.0)]),
            [
                ($"{Image}+{Image}", new Add()),
                ("7+7+7", new Add()),
                ($"{Image}+1x1x3", new Add()),
                ("1x1x3+5x4x1+5x1x3", new Add()),
            ],
            MisfitsOfAdd),
        Of<Multiply>(
            _ => new BroadcastLayerOracle(
                x => x.Aggregate((product, next) => product * next),
                x => [.. x.Select((_, i) => x.Where((_, k) => k != i).Aggregate((product, next) => product * next))]),
            [
                ($"{Image}+{Image}", new Multiply()),
                ("5x4x37+1x1x37", new Multiply()),
                ("5x4x37+5x4x1", new Multiply()),
                ("1x1x3+5x4x1+5x1x3", new Multiply()),
                ("6+1", new Multiply()),
                ("2x3x1x5x2+2x1x4x5x1", new Multiply()),
            ],
            Misfits(new Multiply())),
        Of<Subtract>(
            _ => new BroadcastLayerOracle(x => x[0] - x[1], _ => [1, -1]),
            [($"{Image}+{Image}", new Subtract()), ("5x1x18+1x4x18", new Subtract()), ("1+9", new Subtract())],
            Misfits(new Subtract())),
        Of<Divide>(
            _ => new BroadcastLayerOracle(x => x[0] / x[1], x => [1 / x[1], -x[0] / (x[1] * x[1])]),
            [($"{Image}+{Image}", new Divide()), ("5x4x18+1x1x18", new Divide()), ("1x3+4x1", new Divide())],
            Misfits(new Divide())) with { Conditioning = NearOne },
        Of<Power>(
            _ => new BroadcastLayerOracle(
                x => Math.Pow(x[0], x[1]), x => [x[1] * Math.Pow(x[0], x[1] - 1), Math.Pow(x[0], x[1]) * Math.Log(x[0])]),
            [($"{Image}+{Image}", new Power()), ("5x4x18+1x1x1", new Power()), ("1x3+4x1", new Power())],
            Misfits(new Power())) with { Conditioning = NearOne },
        Of<Minimum>(
            _ => new BroadcastLayerOracle(x => x.Min(), x => [.. x.Select(value => value == x.Min() ? 1.0 : 0)]),
            [($"{Image}+{Image}+{Image}", new Minimum()), ("5x4x18+1x1x18", new Minimum()), ("1x3+4x1", new Minimum())],
            Misfits(new Minimum())),
        Of<Maximum>(
            _ => new BroadcastLayerOracle(x => x.Max(), x => [.. x.Select(value => value == x.Max() ? 1.0 : 0)]),
            [($"{Image}+{Image}", new Maximum()), ("5x4x1+1x1x18+1x4x1", new Maximum()), ("4x1+1x3", new Maximum())],
            Misfits(new Maximum())),
        Of<Compare>(
            layer => new BroadcastLayerOracle(x => Holds(layer.Comparison, x[0], x[1]) ? 1 : 0, _ => [0, 0]),
            [
                ($"{Image}+{Image}", new Compare(Comparison.Less)),
                ("5x4x18+1x1x18", new Compare(Comparison.LessOrEqual)),
                ("1x3+4x1", new Compare(Comparison.Greater)),
                ("17+1", new Compare(Comparison.GreaterOrEqual)),
                ($"{Image}+{Image}", new Compare(Comparison.Equal)),
            ],
            [.. Misfits(new Compare(Comparison.Less)), ("7+7", new Compare((Comparison)7))]),
        Of<Where>(
            _ => new BroadcastLayerOracle(x => x[0] != 0 ? x[1] : x[2], x => [0, x[0] != 0 ? 1 : 0, x[0] != 0 ? 0 : 1]),
            [
                ($"{Image}+{Image}+{Image}", new Where()),
                ("1x1x18+5x4x18+5x4x1", new Where()),
                ("5x4x1+1x4x9+1x1x1", new Where()),
            ],
            [("5x4x3+5x4x2+5x4x3", new Where()), ("7+7+7x1", new Where())]) with { Conditioning = Rectified },
    ];

    private static (string, Layer)[] Misfits(Layer layer) => [("5x4x3+5x4x2", layer), ("7+8", layer), ("7x1+7", layer)];

    // A layer of some numbers that are 0 and some that are not, none of which small steps change from one to the other.
    private static SymbolicTensor Rectified(SymbolicTensor tensor) => tensor.Relu();

    // Positive numbers from 0.69 to 1.31.
    private static SymbolicTensor NearOne(SymbolicTensor tensor) => tensor.Sigmoid().Softplus();

    private static bool Holds(Comparison comparison, double a, double b) => comparison switch
    {
        Comparison.Less => a < b,
        Comparison.LessOrEqual => a <= b,
        Comparison.Greater => a > b,
        Comparison.GreaterOrEqual => a >= b,
        _ => a == b,
    };
}
