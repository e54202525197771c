using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tasks;

namespace Microsoft.ML.ConvNet;

/// <summary>What a training learnt: the network, its weights, what is done to pixels before it, and the classes.</summary>
public sealed class ConvNetModelParameters
{
    internal ConvNetModelParameters(
        Network network,
        Weights weights,
        PixelNormalization normalization,
        ImageLayout imageLayout,
        PredictionTask task)
    {
        Network = network;
        Weights = weights;
        Normalization = normalization;
        ImageLayout = imageLayout;
        Prediction = task;
    }

    /// <summary>What the network predicts.</summary>
    public ConvNetTask Task => Prediction.Kind;

    /// <summary>
    /// The network, from pixels <c>[H, W, C]</c> to what it predicts: probabilities of classes <c>[classes]</c>, which in a binary classification are
    /// false and true, or of labels <c>[labels]</c>, or numbers.
    /// </summary>
    public Network Network { get; }

    /// <summary>
    /// The weights. A transformer takes them in when it first scores: later changes do not reach it until it is disposed of. It does not
    /// dispose of them, for they may be shared; their memory is freed when nothing refers to them any more. Where one disposes of them
    /// earlier, a transformer that took them in goes on scoring until it is disposed of itself; scoring then ends in an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public Weights Weights { get; }

    /// <summary>What is subtracted from pixel values before the network: one number, or one a channel, or a mean image.</summary>
    public IReadOnlyList<float> PixelOffsets => Normalization.Offsets;

    /// <summary>What the differences are multiplied by: one number, or one a channel.</summary>
    public IReadOnlyList<float> PixelScales => Normalization.Scales;

    /// <summary>The order of the values of a vector column whose type does not say it.</summary>
    public ImageLayout ImageLayout { get; }

    /// <summary>The order in which the network takes the colours of an image column; a vector's values are taken as they come.</summary>
    public ChannelOrder ChannelOrder { get; internal init; }

    /// <summary>What transparent pixels of an image column lie on.</summary>
    public ImageBackground ImageBackground { get; internal init; }

    /// <summary>How images of another size are brought to that which the network takes.</summary>
    public ImageResizing ImageResizing { get; internal init; }

    /// <summary>Which way up images are of which a column holds the files.</summary>
    public ImageOrientation ImageOrientation { get; internal init; }

    /// <summary>
    /// The names of the classes or labels, in the order of the network's outputs; the numbers from 0 where the key column of classes had no values. None where
    /// numbers or labels have no names.
    /// </summary>
    public IReadOnlyList<string> ClassNames => Prediction.Names;

    /// <summary>What is done to pixel values before the network.</summary>
    internal PixelNormalization Normalization { get; }

    /// <summary>What is made of the network's outputs.</summary>
    internal PredictionTask Prediction { get; }

    /// <summary>The same with other ways to read images and to tell what is predicted.</summary>
    internal ConvNetModelParameters With(ImageLayout imageLayout, ImageResizing resizing, ImageOrientation orientation, PredictionTask prediction) =>
        new(Network, Weights, Normalization, imageLayout, prediction)
        {
            ChannelOrder = ChannelOrder,
            ImageBackground = ImageBackground,
            ImageResizing = resizing,
            ImageOrientation = orientation,
        };
}
