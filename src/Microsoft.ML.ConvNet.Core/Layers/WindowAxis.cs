namespace Microsoft.ML.ConvNet.Layers;

/// <summary>How windows lie along one axis.</summary>
/// <param name="Output">The number of windows.</param>
/// <param name="Before">Padding before the first element.</param>
/// <param name="After">Padding after the last element.</param>
/// <param name="Dropped">Elements at the end that no window reaches.</param>
internal readonly record struct WindowAxis(int Output, int Before, int After, int Dropped);
