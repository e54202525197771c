using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// ONNX files as the base of transfer learning: what <c>ConvNetFeaturizer</c> gives features of, and <c>ConvNetFineTuning</c> goes on training.
/// </summary>
public static class OnnxPretrained
{
    /// <summary>Loads the network of an ONNX file with what it wants done to images.</summary>
    /// <param name="path">The file.</param>
    /// <param name="normalization">
    /// What is done to pixel values, 0 to 255, before the network; nothing where not given. Files do not say it: it stands where they come from.
    /// </param>
    /// <param name="channelOrder">The order in which the network takes the colours of an image; files do not say it, either.</param>
    /// <param name="import">
    /// What the import is told: a node to end at (<see cref="OnnxImportOptions.OutputName"/>), another size of images
    /// (<see cref="OnnxImportOptions.InputDimensions"/>). An image that the network ends in is kept as the engine keeps images, whatever
    /// <see cref="OnnxImportOptions.KeepsChannelsLast"/> says.
    /// </param>
    /// <returns>The model, which owns the weights.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no ONNX model, or is damaged.</exception>
    /// <exception cref="OnnxImportException">
    /// The model has an operator that is not supported, takes no images of 1 or 3 channels, or computes across the batch.
    /// </exception>
    /// <exception cref="ArgumentException">The normalisation is one of another number of channels.</exception>
    /// <example>
    /// <code>
    /// using PretrainedModel squeezeNet = OnnxPretrained.Load(
    ///     "squeezenet.onnx", new PixelNormalization([103.939f, 116.779f, 123.68f], [1, 1, 1]), ChannelOrder.Bgr);
    /// </code>
    /// </example>
    public static PretrainedModel Load(
        string path,
        PixelNormalization? normalization = null,
        ChannelOrder channelOrder = ChannelOrder.Rgb,
        OnnxImportOptions? import = null) => Load(path, normalization, channelOrder, import, name: null);

    /// <summary>Loads a network that has a name of its own, whatever the file calls it.</summary>
    internal static PretrainedModel Load(
        string path, PixelNormalization? normalization, ChannelOrder channelOrder, OnnxImportOptions? import, string? name)
    {
        OnnxModel model = OnnxModel.Load(path);
        OnnxNetwork network = model.Import(new OnnxImportOptions(import ?? new OnnxImportOptions()) { KeepsChannelsLast = true, IsForAnySize = true });
        try
        {
            if (!network.IsBatched || !network.Network.InputShape.IsImage || network.Network.InputShape.Channels is not (1 or 3))
            {
                throw new OnnxImportException(
                    "A network to learn further with takes a batch of images of 1 or 3 channels, [N, C, H, W]. "
                    + $"Received: {network.Input}{(network.IsBatched ? string.Empty : ", of which nodes compute across the first axis")}.");
            }

            name ??= model.Name.Length > 0 ? model.Name : Path.GetFileNameWithoutExtension(path);
            return new PretrainedModel(network.Network, network.Weights, normalization ?? new PixelNormalization([0], [1]), channelOrder, name);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
