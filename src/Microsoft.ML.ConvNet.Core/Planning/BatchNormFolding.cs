using Microsoft.ML.ConvNet.Ops;

namespace Microsoft.ML.ConvNet.Planning;

/// <summary>
/// Weights that take over a batch normalisation: with s = gamma / sqrt(variance + epsilon), w' = w s and b' = (b - mean) s + beta, an
/// output channel.
/// </summary>
/// <param name="Weight">The weights as trained, output channels innermost.</param>
/// <param name="Bias">The bias as trained, if there is one.</param>
/// <param name="Normalization">Gamma, beta, running mean and running variance.</param>
/// <param name="Epsilon">What is added to the variance.</param>
/// <param name="FoldedWeight">Receives w'.</param>
/// <param name="FoldedBias">Receives b'.</param>
internal sealed record BatchNormFolding(
    OpValue Weight, OpValue? Bias, IReadOnlyList<OpValue> Normalization, float Epsilon, OpValue FoldedWeight, OpValue FoldedBias)
{
    /// <summary>Computes the folded weights and bias, in double.</summary>
    public unsafe void Fold(float* weight, float* bias, float* gamma, float* beta, float* mean, float* variance, float* foldedWeight, float* foldedBias)
    {
        int channels = Weight.Shape.Channels;
        int rows = Weight.Shape.ElementCount / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            double scale = gamma[channel] / Math.Sqrt((double)variance[channel] + Epsilon);
            double offset = bias == null ? 0 : bias[channel];
            foldedBias[channel] = (float)(((offset - mean[channel]) * scale) + beta[channel]);
            for (int row = 0; row < rows; row++)
            {
                nint at = ((nint)row * channels) + channel;
                foldedWeight[at] = (float)(weight[at] * scale);
            }
        }
    }
}
