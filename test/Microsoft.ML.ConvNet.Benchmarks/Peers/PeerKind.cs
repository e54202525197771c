namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>The programs that the engine is compared with.</summary>
internal enum PeerKind
{
    /// <summary>PyTorch, of Debian's python3-torch.</summary>
    PyTorch,

    /// <summary>ONNX Runtime, of npm's onnxruntime-node, on the networks that PyTorch exports.</summary>
    OnnxRuntime,
}
