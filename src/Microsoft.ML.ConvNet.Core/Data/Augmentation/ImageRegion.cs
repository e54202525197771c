using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>A rectangle of an image, in pixels.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its columns.</param>
internal readonly record struct ImageRegion(int Top, int Left, int Height, int Width)
{
    /// <summary>Draws the size of a rectangle, which may be larger than the image.</summary>
    /// <param name="random">What is drawn from: two numbers.</param>
    /// <param name="height">The image's rows.</param>
    /// <param name="width">The image's columns.</param>
    /// <param name="scale">The share of its area.</param>
    /// <param name="aspectRatio">Width by height, drawn evenly on a logarithmic scale.</param>
    public static (int Height, int Width) DrawSize(
        ref RandomStream random, int height, int width, in AugmentationRange scale, in AugmentationRange aspectRatio)
    {
        double area = (double)height * width * random.NextSingle(scale.Minimum, scale.Maximum);
        double ratio = Math.Exp(random.NextSingle((float)Math.Log(aspectRatio.Minimum), (float)Math.Log(aspectRatio.Maximum)));
        return ((int)Math.Round(Math.Sqrt(area / ratio)), (int)Math.Round(Math.Sqrt(area * ratio)));
    }
}
