namespace Microsoft.ML.ConvNet;

/// <summary>What a network predicts of an image.</summary>
public enum ConvNetTask
{
    /// <summary>One of several classes.</summary>
    Multiclass,

    /// <summary>Whether something is so.</summary>
    Binary,

    /// <summary>A number, or several.</summary>
    Regression,

    /// <summary>Which of several labels it has, none of which excludes another.</summary>
    MultiLabel,
}
