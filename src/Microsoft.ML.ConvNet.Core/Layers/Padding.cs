using System.Globalization;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// How many rows and columns of zeros (for max pooling: of nothing) surround an input: none, a number a side, or as many as keep
/// the size divided by the stride. A whole number converts to that many on every side.
/// </summary>
/// <param name="Top">Rows above.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Left">Columns on the left.</param>
/// <param name="Right">Columns on the right.</param>
public readonly record struct Padding(int Top, int Bottom, int Left, int Right)
{
    /// <summary>No padding: windows lie inside the input.</summary>
    public static Padding Valid => default;

    /// <summary>
    /// As much as makes the output ceil(input / stride); where that is odd, the further row or column is below or on the right, as in
    /// TensorFlow.
    /// </summary>
    public static Padding Same => new() { IsSame = true };

    /// <summary>Whether the amount follows from input, window and stride.</summary>
    public bool IsSame { get; init; }

    /// <summary>The same padding on all sides.</summary>
    public static implicit operator Padding(int padding) => new(padding, padding, padding, padding);

    /// <summary>The same padding on all sides.</summary>
    public static Padding FromInt32(int padding) => padding;

    /// <summary>Padding above and below, and on the left and the right.</summary>
    public static Padding Symmetric(int vertical, int horizontal) => new(vertical, vertical, horizontal, horizontal);

    /// <summary>The padding as it is written in a summary: <c>same</c>, one number, or top, bottom, left and right.</summary>
    public override string ToString() =>
        IsSame ? "same"
        : Top == Bottom && Left == Right && Top == Left ? Top.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"({Top}, {Bottom}, {Left}, {Right})");
}
