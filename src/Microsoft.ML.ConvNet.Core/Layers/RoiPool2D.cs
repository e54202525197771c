using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The largest element of each bin of a region of interest, channel by channel (Girshick, "Fast R-CNN", 2015). A box x1, y1, x2, y2, last
/// pixels included, is scaled and rounded to whole pixels, and is at least one pixel; row i of its bins are the rows from floor(i h / H') to
/// ceil((i + 1) h / H') - 1 of its h rows. A bin outside the image gives 0. Inputs: features <c>[H, W, C]</c> and boxes <c>[R, 4]</c>, which
/// get no gradient; output <c>[R, H', W', C]</c>.
/// </summary>
/// <param name="OutputSize">The number of bins along the height and the width of a box.</param>
public sealed record RoiPool2D(Size2D OutputSize) : Layer
{
    /// <summary>Pixels of the features for one unit of the boxes: 1/16 where the features are 16 times smaller than the image.</summary>
    public float SpatialScale { get; init; } = 1;

    internal override string NamePrefix => "roipool";

    internal override int MinimumInputs => 2;

    internal override int MaximumInputs => 2;

    /// <inheritdoc/>
    public override string Describe() =>
        $"RoiPool2D to {OutputSize}" + (SpatialScale == 1 ? string.Empty : FormattableString.Invariant($", scale {SpatialScale}"));

    internal override Shape InferShape(LayerContext context) => RoiLowering.OutputShape(context, OutputSize, SpatialScale);

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new RoiPoolingOp(RoiLowering.Geometry(context, OutputSize, SpatialScale)));
}
