using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>A random rectangle of the image is put out (Zhong et al., "Random erasing data augmentation", 2017).</summary>
public sealed record RandomErasing
{
    private const int Attempts = 10;

    /// <summary>How likely it is that an image loses a rectangle; 0.5 where not given.</summary>
    public float Probability { get; init; } = 0.5f;

    /// <summary>The share of the image's area that the rectangle has; 0.02 to 0.33 where not given.</summary>
    public AugmentationRange Scale { get; init; } = new(0.02f, 0.33f);

    /// <summary>The rectangle's height by its width; 0.3 to 3.3 where not given, evenly on a logarithmic scale.</summary>
    public AugmentationRange AspectRatio { get; init; } = new(0.3f, 3.3f);

    /// <summary>What each value of the rectangle becomes; a random one of 0 to 255 where not given, which the paper found best.</summary>
    public float? Value { get; init; }

    /// <summary>Throws where a setting is out of its range.</summary>
    internal void Check()
    {
        const string Name = nameof(RandomErasing);
        AugmentationSetting.Require(Probability is >= 0 and <= 1, $"{Name}.{nameof(Probability)}", "from 0 to 1", Probability);
        AugmentationSetting.Require(Scale, $"{Name}.{nameof(Scale)}", 0, 1);
        AugmentationSetting.Require(AspectRatio, $"{Name}.{nameof(AspectRatio)}", 0, 100);
        AugmentationSetting.Require(Value is null || float.IsFinite(Value.Value), $"{Name}.{nameof(Value)}", "finite", Value);
    }

    /// <summary>Draws the rectangle; an empty one where there is none, or where ten did not fit into the image.</summary>
    internal ImageRegion Draw(ref RandomStream random, int height, int width)
    {
        if (random.NextSingle() >= Probability)
        {
            return default;
        }

        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            (int erasedWidth, int erasedHeight) = ImageRegion.DrawSize(ref random, width, height, Scale, AspectRatio);
            if (erasedHeight < height && erasedWidth < width)
            {
                return new ImageRegion(
                    random.NextIndex(height - erasedHeight + 1), random.NextIndex(width - erasedWidth + 1), erasedHeight, erasedWidth);
            }
        }

        return default;
    }

    /// <summary>Puts out a rectangle.</summary>
    internal void Apply(ref RandomStream random, in ImageRegion region, int width, int channels, Span<float> pixels)
    {
        for (int row = region.Top; row < region.Top + region.Height; row++)
        {
            Span<float> line = pixels.Slice(((row * width) + region.Left) * channels, region.Width * channels);
            if (Value is { } value)
            {
                line.Fill(value);
                continue;
            }

            foreach (ref float pixel in line)
            {
                pixel = random.NextSingle(0, 255);
            }
        }
    }
}
