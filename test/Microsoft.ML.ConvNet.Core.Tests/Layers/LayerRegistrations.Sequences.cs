using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <content>Layers that work window by window over sequences.</content>
internal static partial class LayerRegistrations
{
    private const string Sequence = "9x4";

    private static IReadOnlyList<LayerRegistration> Sequences =>
    [
        Of<Conv1D>(
            SequenceLayerOracle.Of,
            [
                ("9x3", new Conv1D(5, 3)),
                ("12x6", new Conv1D(18, 4) { Stride = 2, Padding = new Padding1D(2, 1), Dilation = 2, Groups = 2, UseBias = false }),
                ("10x5", new Conv1D(10, 3) { Groups = 5, Padding = Padding1D.Same, Stride = 3 }),
                ("7x4", new Conv1D(6, 7)),
                ("11x17", new Conv1D(17, 3) { Groups = 17, Padding = 1, Initialization = Initialization.GlorotNormal }),
            ],
            ("9", new Conv1D(5, 3)),
            (Image, new Conv1D(5, 3)),
            (Sequence, new Conv1D(0, 3)),
            (Sequence, new Conv1D(5, 0)),
            (Sequence, new Conv1D(5, 10)),
            (Sequence, new Conv1D(5, 3) { Stride = 0 }),
            (Sequence, new Conv1D(5, 3) { Stride = 5_000 }),
            (Sequence, new Conv1D(5, 3) { Dilation = 5 }),
            (Sequence, new Conv1D(5, 3) { Dilation = int.MaxValue, Padding = Padding1D.Same }),
            (Sequence, new Conv1D(5, 3) { Padding = -1 }),
            (Sequence, new Conv1D(5, 3) { Groups = 2 })),
        Of<MaxPool1D>(
            SequenceLayerOracle.Of,
            [
                ("9x3", new MaxPool1D(2)),
                ("10x17", new MaxPool1D(3) { Stride = 2, Padding = Padding1D.Same }),
                ("9x4", new MaxPool1D(3) { Stride = 2, Padding = 1, Dilation = 2, Ceiling = true }),
            ],
            (Image, new MaxPool1D(2)),
            (Sequence, new MaxPool1D(0)),
            (Sequence, new MaxPool1D(10)),
            (Sequence, new MaxPool1D(2) { Padding = 2 }),
            (Sequence, new MaxPool1D(2) { Stride = -1 })),
        Of<AvgPool1D>(
            SequenceLayerOracle.Of,
            [
                ("9x3", new AvgPool1D(2)),
                ("10x17", new AvgPool1D(3) { Stride = 2, Padding = new Padding1D(0, 1) }),
                ("9x4", new AvgPool1D(3) { Stride = 3, Padding = 1, Ceiling = true, CountIncludesPadding = true }),
                ("9x5", new AvgPool1D(2) { Stride = 1, Dilation = 3 }),
            ],
            (Image, new AvgPool1D(2)),
            (Sequence, new AvgPool1D(11)),
            (Sequence, new AvgPool1D(2) { Padding = new Padding1D(0, -2) })),
        Of<GlobalAvgPool1D>(
            _ => new MeanOverStepsOracle(),
            [(Sequence, new GlobalAvgPool1D()), ("1x3", new GlobalAvgPool1D())],
            ("9", new GlobalAvgPool1D()),
            (Image, new GlobalAvgPool1D())),
    ];
}
