using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Warping;

/// <summary>
/// Images [H, W, C] by an affine map. A row at a time: where its pixels come from is computed in vectors, their neighbours are fetched one by
/// one, and weighted in vectors. No step is fused, so that every tier gives the same bits.
/// </summary>
internal static unsafe class AffineWarp
{
    /// <summary>The floats of working memory for an image.</summary>
    public static int ScratchLength(int width, int channels) => (WarpRow.LinesOfPixels * width) + (WarpRow.LinesOfValues * width * channels);

    /// <summary>Warps one image on the calling thread.</summary>
    /// <typeparam name="TBorder">What stands for pixels outside.</typeparam>
    /// <param name="height">The rows.</param>
    /// <param name="width">The columns.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="map">Where its pixels come from.</param>
    /// <param name="isNearest">Whether a pixel is the nearest one, rather than the weighted mean of four (bilinear).</param>
    /// <param name="fill">What stands for pixels for which the border has none.</param>
    /// <param name="x">The image.</param>
    /// <param name="y">Receives the warped image; another memory than <paramref name="x"/>.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    public static void Run<TBorder>(
        int height, int width, int channels, in AffineMap map, bool isNearest, float fill, float* x, float* y, float* scratch)
        where TBorder : struct, IBorder
    {
        WarpRow row = new(height, width, channels, x, scratch);
        for (int i = 0; i < height; i++)
        {
            row.Begin(map, i, isNearest, y + ((nint)i * width * channels));
            SimdLoop.Run(&row);
            row.Fetch<TBorder>(isNearest, fill);
            if (!isNearest)
            {
                SimdTier.Run<WarpRow>(&row, 1, null);
            }
        }
    }
}
