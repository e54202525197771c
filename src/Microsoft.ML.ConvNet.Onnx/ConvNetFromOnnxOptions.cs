using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>What a pipeline's step that scores with an ONNX model can be told.</summary>
public sealed class ConvNetFromOnnxOptions
{
    /// <summary>The name of the column that receives the model's output.</summary>
    public string OutputColumnName { get; set; } = "Score";

    /// <summary>The column of the images.</summary>
    public string InputColumnName { get; set; } = "Features";

    /// <summary>The name of the column that receives the most probable class.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>The ONNX model.</summary>
    public string ModelFile { get; set; } = string.Empty;

    /// <summary>What the import is told; the first output and the dimensions that the model has where nothing is said.</summary>
    public OnnxImportOptions Import { get; set; } = new();

    /// <summary>
    /// The names of the classes, in the order of the model's output; where not given, those that the model has itself
    /// (<see cref="OnnxModel.ClassNames"/>), if there is one an output, or else the numbers from 0. A name that was there before, as the second crane
    /// of ImageNet, gets its number: "crane (517)".
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; set; }

    /// <summary>The order in which the model takes the colours of an image column.</summary>
    public ChannelOrder ChannelOrder { get; set; }

    /// <summary>What transparent pixels of an image column lie on before the model sees them; white where not given.</summary>
    public ImageBackground ImageBackground { get; set; }

    /// <summary>
    /// What is subtracted from pixel values, 0 to 255 of images: one number, or one a channel of the model's order; 0 where not given.
    /// </summary>
    public IReadOnlyList<float>? PixelOffsets { get; set; }

    /// <summary>What the differences are multiplied by: one number, or one a channel; 1 where not given.</summary>
    public IReadOnlyList<float>? PixelScales { get; set; }

    /// <summary>The order of a vector column's values where the dimensions of its type leave it open.</summary>
    public ImageLayout ImageLayout { get; set; } = ImageLayout.Auto;

    /// <summary>
    /// What the model predicts; one of several classes where not given. A binary classification has one output, the probability of true or its logit, or two, of
    /// false and true.
    /// </summary>
    public ConvNetTask Task { get; set; }

    /// <summary>The name of the column that receives the probability in a binary classification.</summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>Whether the predicted label is the class's name, as a text; else it is a key.</summary>
    public bool PredictedLabelAsText { get; set; }

    /// <summary>
    /// How images of another size than the model's are brought to it; where not given they are refused, with their row. With it the column may also hold the
    /// bytes of image files, vectors of <see cref="byte"/> of any length, as LoadRawImageBytes reads them.
    /// </summary>
    public ImageResizing ImageResizing { get; set; }

    /// <summary>Which way up images are of which the column holds the files; as they are stored where not given.</summary>
    public ImageOrientation ImageOrientation { get; set; }

    /// <summary>The most threads to use; 0 for one a core. The scores do not depend on it.</summary>
    public int NumberOfThreads { get; set; }
}
