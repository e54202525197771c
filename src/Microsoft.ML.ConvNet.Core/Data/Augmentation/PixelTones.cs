using System.Buffers;

namespace Microsoft.ML.ConvNet.Data.Augmentation;

/// <summary>
/// Operations of the policies on values from 0 to 255, in place, as Pillow defines them. Those that are of bytes round the values first: a warped
/// image has others than whole numbers.
/// </summary>
internal static class PixelTones
{
    private const int Levels = 256;

    /// <summary>Keeps the upper bits of each value.</summary>
    public static void Posterize(Span<float> pixels, int bits)
    {
        int mask = 0xFF << (8 - bits);
        foreach (ref float value in pixels)
        {
            value = LevelOf(value) & mask;
        }
    }

    /// <summary>255 - x of values that reach a threshold.</summary>
    public static void Solarize(Span<float> pixels, float threshold)
    {
        foreach (ref float value in pixels)
        {
            value = value >= threshold ? 255 - value : value;
        }
    }

    /// <summary>Stretches each channel to 0 to 255; one of a single value stays.</summary>
    public static void AutoContrast(Span<float> pixels, int channels)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            float least = float.MaxValue;
            float greatest = float.MinValue;
            for (int i = channel; i < pixels.Length; i += channels)
            {
                least = Math.Min(least, pixels[i]);
                greatest = Math.Max(greatest, pixels[i]);
            }

            if (greatest > least)
            {
                float scale = 255 / (greatest - least);
                for (int i = channel; i < pixels.Length; i += channels)
                {
                    pixels[i] = PixelColors.Clamp((pixels[i] - least) * scale);
                }
            }
        }
    }

    /// <summary>Makes the values of each channel equally frequent, as far as equal values stay equal; one of a single value stays.</summary>
    public static void Equalize(Span<float> pixels, int channels)
    {
        Span<int> counts = stackalloc int[Levels];
        for (int channel = 0; channel < channels; channel++)
        {
            counts.Clear();
            for (int i = channel; i < pixels.Length; i += channels)
            {
                counts[LevelOf(pixels[i])]++;
            }

            // The values of the highest level stand for no step: it is the top of the scale.
            int highest = counts[counts.LastIndexOfAnyExcept(0)];
            int step = ((pixels.Length / channels) - highest) / (Levels - 1);
            if (step == 0)
            {
                continue;
            }

            int below = step / 2;
            for (int level = 0; level < Levels; level++)
            {
                int count = counts[level];
                counts[level] = Math.Min(below / step, Levels - 1);
                below += count;
            }

            for (int i = channel; i < pixels.Length; i += channels)
            {
                pixels[i] = counts[LevelOf(pixels[i])];
            }
        }
    }

    /// <summary>blurred + factor (x - blurred), with the mean of nine pixels in which the middle counts five times; the edge stays.</summary>
    public static void ScaleSharpness(in PixelColors colors, float factor)
    {
        int channels = colors.Channels;
        int pitch = colors.Width * channels;
        Span<float> pixels = colors.Pixels;
        float[] rented = ArrayPool<float>.Shared.Rent(pixels.Length);
        Span<float> original = rented.AsSpan(0, pixels.Length);
        pixels.CopyTo(original);
        for (int row = 1; row < colors.Height - 1; row++)
        {
            for (int i = (row * pitch) + channels; i < ((row + 1) * pitch) - channels; i++)
            {
                float sum = 4 * original[i];
                for (int line = i - pitch; line <= i + pitch; line += pitch)
                {
                    sum += original[line - channels] + original[line] + original[line + channels];
                }

                float blurred = sum / 13;
                pixels[i] = PixelColors.Clamp(blurred + (factor * (original[i] - blurred)));
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private static int LevelOf(float value) => (int)MathF.Round(PixelColors.Clamp(value));
}
