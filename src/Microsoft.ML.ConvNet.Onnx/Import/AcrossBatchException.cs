namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>
/// An operator computes across the first axis, so that it is no batch: the import begins again with the whole tensor as one sample.
/// </summary>
internal sealed class AcrossBatchException(string message) : Exception(message);
