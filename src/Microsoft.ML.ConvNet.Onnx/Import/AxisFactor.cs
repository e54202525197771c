namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>A stretch of a tensor's memory layout that belongs to one axis of ONNX: the whole axis, or a factor of it.</summary>
/// <param name="Axis">The axis, as ONNX counts them.</param>
/// <param name="Rank">The place among the factors of the axis, the most significant one first.</param>
/// <param name="Extent">The number of steps, at least 2.</param>
internal readonly record struct AxisFactor(int Axis, int Rank, int Extent);
