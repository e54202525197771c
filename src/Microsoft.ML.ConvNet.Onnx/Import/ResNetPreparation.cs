using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// The graph that the package of ResNet-18 has for what comes before the network: it turns red, green, blue into blue, green, red and subtracts a
/// mean image. The mean is what the graph makes of a black image; that it does no more than this is seen from another image.
/// </summary>
internal static class ResNetPreparation
{
    private const int Size = 224;

    private const int Colours = 3;
    private const int Pixels = Size * Size;

    // Exact in floats beside a mean of up to 255, and different for each colour.
    private static readonly float[] Probe = [64, 32, 128];

    /// <summary>Reads the mean image.</summary>
    /// <param name="path">The file of the graph.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or its graph does something else.</exception>
    public static PixelNormalization Read(string path)
    {
        using OnnxNetwork graph = OnnxModel.Load(path).Import();
        bool fits = graph.Network.InputShape.ElementCount == Pixels * Colours && graph.Network.OutputShape.ElementCount == Pixels * Colours
            && graph.Input.Dimensions is { Count: 4 } dimensions && dimensions[1] == Colours && dimensions[2] == Size && dimensions[3] == Size;
        if (!fits)
        {
            throw Other(path, $"{graph.Input} and {graph.Output}");
        }

        float[] black = Run(graph, [0, 0, 0]);
        float[] coloured = Run(graph, Probe);
        float[] offsets = new float[Pixels * Colours];
        for (int channel = 0; channel < Colours; channel++)
        {
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                int place = (channel * Pixels) + pixel;
                if (Math.Abs(coloured[place] - black[place] - Probe[Colours - 1 - channel]) > 1e-3f)
                {
                    throw Other(path, FormattableString.Invariant(
                        $"{coloured[place] - black[place]} where {Probe[Colours - 1 - channel]} is added, in channel {channel}"));
                }

                offsets[(pixel * Colours) + channel] = -black[place];
            }
        }

        return new PixelNormalization(offsets, Enumerable.Repeat(1f, offsets.Length));
    }

    /// <summary>What the graph makes of an image of one colour, <c>[C, H, W]</c>.</summary>
    private static float[] Run(OnnxNetwork graph, float[] colour)
    {
        int[] dimensions = [.. graph.Input.Dimensions!.Select(dimension => dimension!.Value)];
        float[] image = [.. colour.SelectMany(value => Enumerable.Repeat(value, Pixels))];
        return graph.Run(new OnnxTensor(dimensions, image)).ToArray();
    }

    private static ModelFormatException Other(string path, string received) => new(
        $"The file \"{path}\" turns red, green, blue into blue, green, red and subtracts a mean image, of [1, 3, {Size}, {Size}]. Received: {received}.");
}
