namespace Microsoft.ML.Transforms.Image;

/// <summary>The check of an offset and a factor of pixel values.</summary>
internal static class PixelScale
{
    public static void Check(float offsetImage, float scaleImage)
    {
        if (!float.IsFinite(offsetImage))
        {
            throw new ArgumentOutOfRangeException(nameof(offsetImage), $"Must be finite. Received: {offsetImage}");
        }

        if (!float.IsFinite(scaleImage) || scaleImage == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scaleImage), $"Must be finite and not zero. Received: {scaleImage}");
        }
    }
}
