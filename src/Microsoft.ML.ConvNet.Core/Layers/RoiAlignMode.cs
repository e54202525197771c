namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What <see cref="RoiAlign2D"/> takes of the samples of a bin.</summary>
public enum RoiAlignMode
{
    /// <summary>The mean of the samples, each interpolated between the four pixels around it.</summary>
    Average,

    /// <summary>The largest of all the samples' neighbouring pixels, each times its weight in the interpolation, as ONNX has it.</summary>
    Maximum,
}
