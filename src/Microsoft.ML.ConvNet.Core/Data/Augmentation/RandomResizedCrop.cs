using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// A random piece of the image, brought to the size of the whole (Szegedy et al., "Going deeper with convolutions", 2014; torchvision's
/// RandomResizedCrop).
/// </summary>
public sealed record RandomResizedCrop
{
    private const int Attempts = 10;

    /// <summary>The share of the image's area that the piece has; 0.08 to 1 where not given.</summary>
    public AugmentationRange Scale { get; init; } = new(0.08f, 1);

    /// <summary>The piece's width by its height; 3/4 to 4/3 where not given, evenly on a logarithmic scale.</summary>
    public AugmentationRange AspectRatio { get; init; } = new(3f / 4, 4f / 3);

    /// <summary>Throws where a setting is out of its range.</summary>
    internal void Check()
    {
        AugmentationSetting.Require(Scale, $"{nameof(RandomResizedCrop)}.{nameof(Scale)}", 0, 1);
        AugmentationSetting.Require(AspectRatio, $"{nameof(RandomResizedCrop)}.{nameof(AspectRatio)}", 0, 100);
    }

    /// <summary>Draws the piece; where ten do not fit into the image, the largest in its middle that has an aspect ratio of the range.</summary>
    internal ImageRegion Draw(ref RandomStream random, int height, int width)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            (int pieceHeight, int pieceWidth) = ImageRegion.DrawSize(ref random, height, width, Scale, AspectRatio);
            if (pieceHeight > 0 && pieceHeight <= height && pieceWidth > 0 && pieceWidth <= width)
            {
                return new ImageRegion(
                    random.NextIndex(height - pieceHeight + 1), random.NextIndex(width - pieceWidth + 1), pieceHeight, pieceWidth);
            }
        }

        double ratio = Math.Clamp((double)width / height, AspectRatio.Minimum, AspectRatio.Maximum);
        int middleHeight = Math.Clamp((int)Math.Round(width / ratio), 1, height);
        int middleWidth = Math.Clamp((int)Math.Round(height * ratio), 1, width);
        return new ImageRegion((height - middleHeight) / 2, (width - middleWidth) / 2, middleHeight, middleWidth);
    }
}
