namespace Microsoft.ML.Transforms.Image;

/// <summary>Where the whole of a scaled image comes to lie on the canvas of the result; parts outside of the canvas are cut off.</summary>
internal readonly record struct TargetRectangle(int X, int Y, int Width, int Height)
{
    /// <summary>All of the image, its aspect kept, in the middle; what it does not cover stays empty.</summary>
    public static TargetRectangle Pad(int sourceWidth, int sourceHeight, int width, int height)
    {
        float across = (float)width / sourceWidth;
        float down = (float)height / sourceHeight;
        float scale = Math.Min(across, down);
        return down < across
            ? new((int)((width - sourceWidth * scale) / 2), 0, (int)(sourceWidth * scale), (int)(sourceHeight * scale))
            : new(0, (int)((height - sourceHeight * scale) / 2), (int)(sourceWidth * scale), (int)(sourceHeight * scale));
    }

    /// <summary>The canvas is covered, the image's aspect kept; the anchor says which side of the image is kept.</summary>
    public static TargetRectangle Crop(int sourceWidth, int sourceHeight, int width, int height, ImageResizingEstimator.Anchor anchor)
    {
        float across = (float)width / sourceWidth;
        float down = (float)height / sourceHeight;
        float scale = Math.Max(across, down);
        float overX = width - sourceWidth * scale;
        float overY = height - sourceHeight * scale;
        int x = 0;
        int y = 0;
        if (down < across)
        {
            y = anchor switch
            {
                ImageResizingEstimator.Anchor.Top => 0,
                ImageResizingEstimator.Anchor.Bottom => (int)overY,
                _ => (int)(overY / 2),
            };
        }
        else
        {
            x = anchor switch
            {
                ImageResizingEstimator.Anchor.Left => 0,
                ImageResizingEstimator.Anchor.Right => (int)overX,
                _ => (int)(overX / 2),
            };
        }

        return new TargetRectangle(x, y, (int)(sourceWidth * scale), (int)(sourceHeight * scale));
    }
}
