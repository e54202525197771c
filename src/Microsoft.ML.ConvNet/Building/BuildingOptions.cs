using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Building;

/// <summary>What a layer in a pipeline can be told, whatever the layer: which column it reads, and how.</summary>
public abstract class BuildingOptions
{
    private protected BuildingOptions()
    {
    }

    /// <summary>The name of the column that receives what the layer gives.</summary>
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>The column that is read; that of the output, whose place it takes, where not given.</summary>
    public string? InputColumnName { get; set; }

    /// <summary>What is put behind the layer, such as <c>x => x.Relu()</c>; nothing where not given.</summary>
    public Func<SymbolicTensor, SymbolicTensor>? Behind { get; set; }

    /// <summary>What is subtracted from each value before the layer: one number, or one a channel; 0 where not given.</summary>
    public IReadOnlyList<float>? PixelOffsets { get; set; }

    /// <summary>What the differences are multiplied by: one number, or one a channel; 1 where not given.</summary>
    public IReadOnlyList<float>? PixelScales { get; set; }

    /// <summary>The height of the images, where the column's type does not say it, or to which they are resized.</summary>
    public int? ImageHeight { get; set; }

    /// <summary>The width of the images, where the column's type does not say it, or to which they are resized.</summary>
    public int? ImageWidth { get; set; }

    /// <summary>Values a pixel, where the column's type does not say it; of an image column 1, grey, or 3, which it is where not given.</summary>
    public int? ImageChannels { get; set; }

    /// <summary>The order of the values of a vector column whose type does not say it.</summary>
    public ImageLayout ImageLayout { get; set; }

    /// <summary>How images of another size are brought to the one that is read; they are refused where not given.</summary>
    public ImageResizing ImageResizing { get; set; }

    /// <summary>The order in which the layer takes the colours of an image column.</summary>
    public ChannelOrder ChannelOrder { get; set; }

    /// <summary>What transparent pixels of an image column lie on; white where not given.</summary>
    public ImageBackground ImageBackground { get; set; }

    /// <summary>The most threads to use; 0 for one a core. What is computed does not depend on it.</summary>
    public int NumberOfThreads { get; set; }

    /// <summary>How the layer is learnt; null where its weights are given, or it has none.</summary>
    internal virtual ConvNetMulticlassTrainer.Options? Training => null;

    /// <summary>Whether flat vectors are images of one row of pixels, or just numbers.</summary>
    internal virtual bool TakesVectors => false;

    /// <summary>The channels of the input that the weights say; null where they say none.</summary>
    internal virtual int? ChannelCount => null;

    /// <summary>Throws where the options do not fit together.</summary>
    internal abstract void Check();

    /// <summary>The layer, on its input.</summary>
    internal abstract SymbolicTensor Layer(SymbolicTensor input);

    /// <summary>Puts the weights that are given into those of the layer.</summary>
    internal abstract void SetWeights(Weights weights);

    /// <summary>What learns with the layer, from what it gives to the scores of classes.</summary>
    internal virtual SymbolicTensor Head(SymbolicTensor output, int classes) => output.Flatten().Dense(classes).Softmax();

    /// <summary>The layer with what is behind it.</summary>
    internal SymbolicTensor Block(SymbolicTensor input)
    {
        SymbolicTensor output = Layer(input);
        return Behind is null ? output : Behind(output)
            ?? throw new ArgumentException($"{nameof(Behind)} gives what is put behind the layer. Received: null.");
    }

    /// <summary>Whether the output is an image, as it is seen on one of a usual size: before the rows are there, that of theirs is not known.</summary>
    internal virtual bool GivesImages()
    {
        const int UsualSide = 256;
        try
        {
            return Block(Network.Input(ImageHeight ?? UsualSide, ImageWidth ?? UsualSide, ChannelCount ?? ImageChannels ?? 3)).Shape.IsImage;
        }
        catch (Exception exception) when (exception is ArgumentException or NetworkDefinitionException)
        {
            // It does not fit so large an image, and is refused when it fits none of the rows.
            return true;
        }
    }

    /// <summary>A copy, which later changes of this do not reach.</summary>
    internal BuildingOptions Clone() => (BuildingOptions)MemberwiseClone();
}
