namespace Microsoft.ML.ConvNet.Layers;

/// <summary>Which pixel is the nearest one to a place between two.</summary>
public enum NearestRounding
{
    /// <summary>The nearer one; in the middle, the lower one.</summary>
    RoundPreferFloor,

    /// <summary>The nearer one; in the middle, the upper one.</summary>
    RoundPreferCeil,

    /// <summary>The lower one.</summary>
    Floor,

    /// <summary>The upper one.</summary>
    Ceil,
}
