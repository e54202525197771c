using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Cli.Tests.Data;

/// <summary>Drawn digits as bytes.</summary>
internal static class DigitPixels
{
    public static byte[] Of(SyntheticDigits digits, int index)
    {
        float[] pixels = new float[digits.Shape.ElementCount];
        digits.ReadSample(index, pixels);
        return [.. pixels.Select(pixel => (byte)MathF.Round(Math.Clamp(pixel, 0, 255)))];
    }
}
