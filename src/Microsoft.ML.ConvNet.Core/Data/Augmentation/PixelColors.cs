namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// The colours of an image [H, W, C] of 1 or 3 channels with values from 0 to 255, changed in place as torchvision's functional transforms do. Grey
/// images have neither hue nor saturation.
/// </summary>
/// <param name="pixels">The values.</param>
/// <param name="height">The rows.</param>
/// <param name="width">The columns.</param>
/// <param name="isBlueFirst">Whether blue is the first channel of three, rather than red.</param>
internal readonly ref struct PixelColors(Span<float> pixels, int height, int width, bool isBlueFirst)
{
    private const float RedShare = 0.2989f;
    private const float GreenShare = 0.587f;
    private const float BlueShare = 0.114f;

    /// <summary>The values.</summary>
    public Span<float> Pixels { get; } = pixels;

    /// <summary>The rows.</summary>
    public int Height { get; } = height;

    /// <summary>The columns.</summary>
    public int Width { get; } = width;

    /// <summary>The channels.</summary>
    public int Channels => Pixels.Length / (Height * Width);

    private int Red => isBlueFirst ? 2 : 0;

    private int Blue => isBlueFirst ? 0 : 2;

    /// <summary>A value of the range of a pixel.</summary>
    public static float Clamp(float value) => Math.Clamp(value, 0, 255);

    /// <summary>x factor.</summary>
    public void ScaleBrightness(float factor)
    {
        foreach (ref float value in Pixels)
        {
            value = Clamp(value * factor);
        }
    }

    /// <summary>mean + factor (x - mean), with the mean of the grey image.</summary>
    public void ScaleContrast(float factor)
    {
        double sum = 0;
        int channels = Channels;
        for (int i = 0; i < Pixels.Length; i += channels)
        {
            sum += channels == 1 ? Pixels[i] : GreyAt(i);
        }

        float mean = (float)(sum / (Pixels.Length / channels));
        foreach (ref float value in Pixels)
        {
            value = Clamp(mean + (factor * (value - mean)));
        }
    }

    /// <summary>grey + factor (x - grey), with the grey of each pixel.</summary>
    public void ScaleSaturation(float factor)
    {
        if (Channels == 1)
        {
            return;
        }

        for (int i = 0; i < Pixels.Length; i += 3)
        {
            float grey = GreyAt(i);
            foreach (ref float value in Pixels.Slice(i, 3))
            {
                value = Clamp(grey + (factor * (value - grey)));
            }
        }
    }

    /// <summary>Turns the hue by a share of the colour circle: saturation and value of HSV stay.</summary>
    public void TurnHue(float share)
    {
        if (Channels == 1)
        {
            return;
        }

        for (int i = 0; i < Pixels.Length; i += 3)
        {
            float red = Pixels[i + Red];
            float green = Pixels[i + 1];
            float blue = Pixels[i + Blue];
            float value = Math.Max(red, Math.Max(green, blue));
            float chroma = value - Math.Min(red, Math.Min(green, blue));
            if (chroma > 0)
            {
                float sixths = value == red ? (green - blue) / chroma
                    : value == green ? 2 + ((blue - red) / chroma)
                    : 4 + ((red - green) / chroma);
                sixths += 6 * share;
                Pixels[i + Red] = FromHue(5, sixths, value, chroma);
                Pixels[i + 1] = FromHue(3, sixths, value, chroma);
                Pixels[i + Blue] = FromHue(1, sixths, value, chroma);
            }
        }
    }

    // A channel of HSV's colour: it is full in two sixths of the circle and falls to the least in the two beside them.
    private static float FromHue(int place, float sixths, float value, float chroma)
    {
        float distance = place + sixths;
        distance -= 6 * MathF.Floor(distance / 6);
        return value - (chroma * Math.Max(0, Math.Min(1, Math.Min(distance, 4 - distance))));
    }

    private float GreyAt(int pixel) =>
        (RedShare * Pixels[pixel + Red]) + (GreenShare * Pixels[pixel + 1]) + (BlueShare * Pixels[pixel + Blue]);
}
