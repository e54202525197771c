using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;

/// <summary>Images as the peers have them.</summary>
internal static class ChannelsFirst
{
    /// <summary>Turns images from [N, H, W, C] to [N, C, H, W].</summary>
    public static float[] Of(ReadOnlySpan<float> images, Shape image)
    {
        float[] planes = new float[images.Length];
        int pixels = image.Height * image.Width;
        int channels = image.Channels;
        for (int i = 0; i < images.Length; i++)
        {
            int sample = i / image.ElementCount;
            int pixel = i % image.ElementCount / channels;
            int channel = i % channels;
            planes[(((sample * channels) + channel) * pixels) + pixel] = images[i];
        }

        return planes;
    }
}
