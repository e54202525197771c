using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <content>Layers that pool regions of interest.</content>
internal static partial class LayerRegistrations
{
    private const string Regions = "8x9x5+7x4";

    private static IReadOnlyList<LayerRegistration> RegionsOfInterest =>
    [
        Of<RoiPool2D>(
            layer => new RoiPoolLayerOracle(layer),
            [
                (Regions, new RoiPool2D((2, 3)) { SpatialScale = 70 }),
                ("9x7x33+5x4", new RoiPool2D(3) { SpatialScale = 110 }),
                ("6x6x3+4x4", new RoiPool2D(2)),
            ],
            ("9+7x4", new RoiPool2D(2)),
            ("8x9x5+7x3", new RoiPool2D(2)),
            (Regions, new RoiPool2D(0)),
            (Regions, new RoiPool2D(1 << 15)),
            (Regions, new RoiPool2D(2) { SpatialScale = 0 }),
            (Regions, new RoiPool2D(2) { SpatialScale = float.NaN })) with { Other = Boxes },
        Of<RoiAlign2D>(
            layer => new RoiAlignLayerOracle(layer),
            [
                (Regions, new RoiAlign2D((2, 3)) { SpatialScale = 70 }),
                ("9x7x35+5x4", new RoiAlign2D(2) { SpatialScale = 120, Aligned = false }),
                (Regions, new RoiAlign2D((3, 1)) { SpatialScale = 90, SamplingRatio = 2 }),
                (Regions, new RoiAlign2D(2) { SpatialScale = 60, Mode = RoiAlignMode.Maximum }),
                ("6x6x18+4x4", new RoiAlign2D(2) { SpatialScale = 80, SamplingRatio = 3, Mode = RoiAlignMode.Maximum, Aligned = false }),
            ],
            ("9+7x4", new RoiAlign2D(2)),
            ("8x9x5+7x3", new RoiAlign2D(2)),
            (Regions, new RoiAlign2D((1, 0))),
            (Regions, new RoiAlign2D(2) { SpatialScale = -1 }),
            (Regions, new RoiAlign2D(2) { SamplingRatio = -1 }),
            (Regions, new RoiAlign2D(2) { SamplingRatio = 1_025 }),
            (Regions, new RoiAlign2D(2) { Mode = (RoiAlignMode)2 })) with { Other = Boxes },
    ];

    // Boxes that nothing changes, most of them within reach of the image: squares of constants, from 0.001 to 0.09 units, and as much behind them.
    private static SymbolicTensor Boxes(SymbolicTensor first, Shape shape)
    {
        if (shape[1] != 4)
        {
            return first.Constant(shape);
        }

        SymbolicTensor corners = Squares();
        return corners.Concat(corners.Add(Squares()));

        SymbolicTensor Squares()
        {
            SymbolicTensor numbers = first.Constant([shape[0], 2]);
            return numbers.Multiply(numbers);
        }
    }
}
