using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <content>Layers that work window by window.</content>
internal static partial class LayerRegistrations
{
    private static IReadOnlyList<LayerRegistration> Windows =>
    [
        Of<DepthwiseConv2D>(
            layer => new DepthwiseLayerOracle(layer),
            [
                ("7x6x3", new DepthwiseConv2D(3) { Padding = 1 }),
                ("8x9x18", new DepthwiseConv2D((3, 2)) { Stride = (2, 1), Dilation = (1, 2), UseBias = false }),
                ("7x6x5", new DepthwiseConv2D(3) { DepthMultiplier = 2, Padding = Padding.Same, Stride = 2 }),
                ("5x6x7", new DepthwiseConv2D(3) { DepthMultiplier = 3 }),
                ("4x5x2", new DepthwiseConv2D(2) { DepthMultiplier = 19, Initialization = Initialization.GlorotUniform }),
                ("5x5x1", new DepthwiseConv2D(3) { DepthMultiplier = 4 }),
            ],
            ("7", new DepthwiseConv2D(3)),
            ("7x7x3", new DepthwiseConv2D(0)),
            ("7x7x3", new DepthwiseConv2D(8)),
            ("7x7x3", new DepthwiseConv2D(3) { DepthMultiplier = 0 }),
            ("7x7x3", new DepthwiseConv2D(3) { DepthMultiplier = int.MaxValue }),
            ("7x7x3", new DepthwiseConv2D(3) { Stride = 46_000 })),
        Of<ConvTranspose2D>(
            layer => new TransposedConvolutionLayerOracle(layer),
            [
                ("4x5x3", new ConvTranspose2D(4, 3)),
                ("4x3x5", new ConvTranspose2D(17, 4) { Stride = 2, Padding = 1 }),
                ("3x4x6", new ConvTranspose2D(4, (3, 5)) { Stride = (2, 3), Padding = new Padding(1, 0, 2, 1), OutputPadding = (1, 2), Groups = 2 }),
                ("5x4x3", new ConvTranspose2D(2, 3) { Dilation = (2, 3), Padding = 2, UseBias = false }),
                ("3x4x2", new ConvTranspose2D(3, 3) { Stride = (2, 1), Padding = Padding.Same }),
                ("3x2x2", new ConvTranspose2D(3, (1, 2)) { Stride = (3, 4), Padding = Padding.Same }),
                ("4x4x6", new ConvTranspose2D(6, 3) { Stride = 2, Padding = 1, OutputPadding = 1, Groups = 6 }),
                ("4x4x3", new ConvTranspose2D(6, 2) { Stride = 3, OutputPadding = 2, Groups = 3 }),
                ("1x1x9", new ConvTranspose2D(5, 4)),
                ("5x6x33", new ConvTranspose2D(20, 1) { Initialization = Initialization.GlorotUniform }),
                ("4x5x6", new ConvTranspose2D(8, 2) { Stride = 2, Padding = 3 }),
            ],
            ("7", new ConvTranspose2D(4, 3)),
            (Image, new ConvTranspose2D(0, 3)),
            (Image, new ConvTranspose2D(4, 0)),
            (Image, new ConvTranspose2D(4, 3) { Stride = 0 }),
            (Image, new ConvTranspose2D(4, 3) { Stride = 65 }),
            (Image, new ConvTranspose2D(4, 3) { Dilation = 0 }),
            (Image, new ConvTranspose2D(4, 3) { Groups = 2 }),
            (Image, new ConvTranspose2D(4, 3) { Padding = -1 }),
            (Image, new ConvTranspose2D(4, 3) { Padding = 4 }),
            (Image, new ConvTranspose2D(4, 3) { Padding = int.MaxValue }),
            (Image, new ConvTranspose2D(4, 3) { Dilation = int.MaxValue }),
            (Image, new ConvTranspose2D(4, 3) { Dilation = int.MaxValue, Padding = Padding.Same }),
            (Image, new ConvTranspose2D(4, 3) { OutputPadding = 1 }),
            (Image, new ConvTranspose2D(4, 3) { OutputPadding = (0, -1) }),
            (Image, new ConvTranspose2D(4, 3) { Stride = 2, OutputPadding = 1, Padding = Padding.Same })),
        Of<GlobalMaxPool2D>(
            layer => new PoolingLayerOracle(layer, isMaximum: true),
            [("5x7x19", new GlobalMaxPool2D()), ("1x1x3", new GlobalMaxPool2D())],
            ("7", new GlobalMaxPool2D())),
        Of<LpPool2D>(
            layer => new NormPoolingLayerOracle(layer),
            [
                ("6x8x5", new LpPool2D(2)),
                ("7x7x17", new LpPool2D(3) { P = 1, Stride = 2, Padding = 1 }),
                ("7x8x3", new LpPool2D((3, 2)) { P = 3, Stride = (2, 1), Padding = Padding.Same }),
                ("9x8x4", new LpPool2D(3) { P = 4, Stride = 2, Dilation = 2, Padding = 2, Ceiling = true }),
            ],
            ("7", new LpPool2D(2)),
            (Image, new LpPool2D(0)),
            (Image, new LpPool2D(6)),
            (Image, new LpPool2D(2) { P = 0 }),
            (Image, new LpPool2D(2) { P = 65 }),
            (Image, new LpPool2D(2) { Padding = 2 })),
        Of<Resize2D>(
            layer => new ResizeLayerOracle(layer.Mode, layer.Coordinates, layer.Rounding, layer.VerticalScale, layer.HorizontalScale),
            [
                ("4x5x3", new Resize2D((8, 10))),
                ("6x5x17", new Resize2D((3, 7)) { Rounding = NearestRounding.RoundPreferCeil }),
                ("5x7x2", new Resize2D(3) { Rounding = NearestRounding.Floor, Coordinates = ResizeCoordinates.Asymmetric }),
                ("5x3x4", new Resize2D((9, 4)) { Rounding = NearestRounding.Ceil, Coordinates = ResizeCoordinates.AlignCorners }),
                ("5x3x4", new Resize2D((9, 5)) { Coordinates = ResizeCoordinates.AlignCorners }),
                ("4x5x18", new Resize2D((9, 7)) { Mode = ResizeMode.Bilinear }),
                ("7x6x3", new Resize2D((3, 4)) { Mode = ResizeMode.Bilinear }),
                ("4x5x3", new Resize2D((7, 1)) { Mode = ResizeMode.Bilinear, Coordinates = ResizeCoordinates.AlignCorners }),
                ("3x4x5", new Resize2D((6, 8)) { Mode = ResizeMode.Bilinear, Coordinates = ResizeCoordinates.Asymmetric }),
                ("1x3x2", new Resize2D((3, 1)) { Mode = ResizeMode.Bilinear }),
                (Image, new Resize2D((5, 4)) { Mode = ResizeMode.Bilinear }),
                ("5x6x2", new Resize2D((9, 14)) { VerticalScale = 1.9f, HorizontalScale = 2.4f, Mode = ResizeMode.Bilinear }),
                ("7x6x2", new Resize2D((4, 11)) { VerticalScale = 0.7f, HorizontalScale = 1.95f, Coordinates = ResizeCoordinates.Asymmetric }),
            ],
            ("7", new Resize2D(2)),
            (Image, new Resize2D(0)),
            (Image, new Resize2D((2, -1))),
            (Image, new Resize2D(1 << 16)),
            (Image, new Resize2D(2) { Mode = (ResizeMode)9 }),
            (Image, new Resize2D(2) { Coordinates = (ResizeCoordinates)(-1) }),
            ("5x6x2", new Resize2D((9, 14)) { VerticalScale = 2 }),
            ("5x6x2", new Resize2D((9, 14)) { HorizontalScale = float.NaN }),
            (Image, new Resize2D(2) { Rounding = (NearestRounding)4 })),
        Of<Upsample2D>(
            layer => layer.Mode == ResizeMode.Nearest
                ? new RepetitionLayerOracle(layer.Scale)
                : new ResizeLayerOracle(layer.Mode, layer.Coordinates, default),
            [
                ("4x5x3", new Upsample2D(2)),
                ("3x2x17", new Upsample2D((3, 1))),
                ("4x3x5", new Upsample2D(2) { Mode = ResizeMode.Bilinear }),
                ("3x4x2", new Upsample2D((2, 3)) { Mode = ResizeMode.Bilinear, Coordinates = ResizeCoordinates.AlignCorners }),
            ],
            ("7", new Upsample2D(2)),
            (Image, new Upsample2D(0)),
            (Image, new Upsample2D(int.MaxValue)),
            ("5x9x1", new Upsample2D((1 << 30, 954_437_177))),
            (Image, new Upsample2D(2) { Mode = (ResizeMode)2 })),
    ];
}
