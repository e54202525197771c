using Microsoft.ML.ConvNet.Ops;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// The mean of samples in each bin of a region of interest, channel by channel, without rounding its corners (He, Gkioxari, Dollar and
/// Girshick, "Mask R-CNN", 2017; the details as in ONNX). A sample is interpolated between the four pixels around it; one more than a pixel
/// outside the image is 0. Inputs: features <c>[H, W, C]</c> and boxes <c>[R, 4]</c> as x1, y1, x2, y2, which get no gradient; output
/// <c>[R, H', W', C]</c>.
/// </summary>
/// <param name="OutputSize">The number of bins along the height and the width of a box.</param>
public sealed record RoiAlign2D(Size2D OutputSize) : Layer
{
    private const int MaximumSamplingRatio = 1024;

    /// <summary>Pixels of the features for one unit of the boxes: 1/16 where the features are 16 times smaller than the image.</summary>
    public float SpatialScale { get; init; } = 1;

    /// <summary>The number of samples along the height and the width of a bin; 0 for one a pixel, rounded up.</summary>
    public int SamplingRatio { get; init; }

    /// <summary>
    /// Whether boxes are shifted by half a pixel, so that they mean the same places as the pixels' centres; else they are not, and a box is
    /// at least one pixel.
    /// </summary>
    public bool Aligned { get; init; } = true;

    /// <summary>What is taken of the samples.</summary>
    public RoiAlignMode Mode { get; init; }

    internal override string NamePrefix => "roialign";

    internal override int MinimumInputs => 2;

    internal override int MaximumInputs => 2;

    /// <inheritdoc/>
    public override string Describe() =>
        $"RoiAlign2D to {OutputSize}"
        + (SpatialScale == 1 ? string.Empty : FormattableString.Invariant($", scale {SpatialScale}"))
        + (SamplingRatio == 0 ? string.Empty : Invariant($", {SamplingRatio} samples a side"))
        + (Aligned ? string.Empty : ", not aligned")
        + (Mode == RoiAlignMode.Average ? string.Empty : ", maximum");

    internal override Shape InferShape(LayerContext context)
    {
        if (SamplingRatio is < 0 or > MaximumSamplingRatio)
        {
            throw context.Error(Invariant($"the sampling ratio is 0 to {MaximumSamplingRatio}. Received: {SamplingRatio}."));
        }

        if (!Enum.IsDefined(Mode))
        {
            throw context.Error($"there is no such mode. Received: {Mode}.");
        }

        return RoiLowering.OutputShape(context, OutputSize, SpatialScale);
    }

    internal override OpValue Lower(LoweringContext context) =>
        context.Emit(new RoiAlignmentOp(
            RoiLowering.Geometry(context, OutputSize, SpatialScale), SamplingRatio, Aligned, Mode == RoiAlignMode.Maximum));
}
