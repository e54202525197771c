using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Convolution;

/// <summary>
/// What one image of a 3x3 convolution of stride 1 costs, in cycles of a core with 512-bit vectors: a model, the same for every tier,
/// made to fit measurements. Only its comparisons matter.
/// </summary>
internal static class ConvolutionCost
{
    private const double ProductsPerCycle = 32;
    private const double DirectEfficiency = 0.85;
    private const double PointProductEfficiency = 0.8;

    private const double WeightGradientEfficiency = 0.7;
    private const double OrdinaryBatch = 16;

    // Steps of the reduction that a tile of results costs beside its products: it is stored, and a transform reads it.
    private const double StepsPerTile = 8;

    // For a product of a tile and a vector of channels: the transforms' loads, arithmetic and stores, in the second level of cache and,
    // where all threads share the transformed tiles, beyond it.
    private const double TransformCycles = 8;
    private const double SharedTransformCycles = 32;

    // Weights come from memory or from the third level of cache, once an image.
    private const double WeightBytesPerCycle = 8;

    /// <summary>The sum as it stands.</summary>
    public static double Direct(in ConvolutionShape s)
    {
        double weights = 9.0 * s.InputChannels * Columns(s.OutputChannels);
        return (s.OutputHeight * (double)s.OutputWidth * weights / ProductsPerCycle / DirectEfficiency)
            + (weights * sizeof(float) / WeightBytesPerCycle);
    }

    /// <summary>Winograd's method with tiles of so many outputs along an axis.</summary>
    public static double Winograd(int tileOutputs, in ConvolutionShape s)
    {
        double products = (tileOutputs + 2) * (tileOutputs + 2);
        double steps = (s.InputChannels + StepsPerTile) * Columns(s.OutputChannels) / ProductsPerCycle / PointProductEfficiency;
        double transforms = TransformCycles * (Columns(s.InputChannels) + Columns(s.OutputChannels)) / 16;
        return (Tiles(tileOutputs, s) * products * (steps + transforms))
            + (products * s.InputChannels * Columns(s.OutputChannels) * sizeof(float) / WeightBytesPerCycle);
    }

    /// <summary>The weight gradient as it stands.</summary>
    public static double DirectWeightGradient(in ConvolutionShape s) =>
        9.0 * s.OutputHeight * s.OutputWidth * s.InputChannels * Columns(s.OutputChannels) / ProductsPerCycle / WeightGradientEfficiency;

    /// <summary>The weight gradient by Winograd's method: summed products are read and written once an ordinary batch.</summary>
    public static double WinogradWeightGradient(int tileOutputs, in ConvolutionShape s)
    {
        double products = (tileOutputs + 2) * (tileOutputs + 2);
        double sums = (double)s.InputChannels * Columns(s.OutputChannels);
        double transforms = SharedTransformCycles * (Columns(s.InputChannels) + Columns(s.OutputChannels)) / 16;
        return (Tiles(tileOutputs, s) * products * ((sums / ProductsPerCycle / WeightGradientEfficiency) + transforms))
            + (2 * products * sums * sizeof(float) / WeightBytesPerCycle / OrdinaryBatch);
    }

    private static double Tiles(int outputs, in ConvolutionShape s) =>
        Math.Ceiling(s.OutputHeight / (double)outputs) * Math.Ceiling(s.OutputWidth / (double)outputs);

    /// <summary>Channels as vectors and panels hold them.</summary>
    private static int Columns(int channels) => Rounding.ToCacheLines(channels);
}
