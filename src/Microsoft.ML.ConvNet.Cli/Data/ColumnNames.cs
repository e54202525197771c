namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>The columns of the data that the pipelines of this tool read and write.</summary>
internal static class ColumnNames
{
    /// <summary>The class: its name in the data; a key once the pipeline has read it.</summary>
    public const string Label = "Label";

    /// <summary>The path of an image file.</summary>
    public const string ImagePath = "ImagePath";

    /// <summary>What the network sees: pixels as floats from 0 to 1 <c>[H, W, C]</c>, or an image.</summary>
    public const string Image = "Image";

    /// <summary>A probability for each class.</summary>
    public const string Score = "Score";

    /// <summary>The predicted class as a key.</summary>
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>The name of the predicted class.</summary>
    public const string PredictedClass = "PredictedClass";
}
