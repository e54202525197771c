using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>What most architectures since 2015 are made of: a convolution without bias, batch normalisation, and a rectifier.</summary>
internal static class ConvolutionUnits
{
    /// <summary>The epsilon of the batch normalisation of the Inception networks.</summary>
    public const float InceptionEpsilon = 1e-3f;

    /// <summary>A convolution without bias and batch normalisation, under two names.</summary>
    public static SymbolicTensor ConvBatchNorm(
        this SymbolicTensor x,
        int filters,
        Size2D kernelSize,
        string convolution,
        string normalization,
        Size2D? stride = null,
        Padding padding = default,
        int groups = 1,
        float epsilon = 1e-5f) => x
        .Conv(filters, kernelSize, stride, padding, groups: groups, useBias: false, name: convolution)
        .BatchNorm(epsilon, name: normalization);

    /// <summary>The unit of the Inception networks: names end in <c>.conv</c> and <c>.bn</c>.</summary>
    public static SymbolicTensor Inception(
        this SymbolicTensor x, string name, int filters, Size2D kernelSize, Size2D? stride = null, Padding padding = default) =>
        x.ConvBatchNorm(filters, kernelSize, $"{name}.conv", $"{name}.bn", stride, padding, epsilon: InceptionEpsilon).Relu();

    /// <summary>A depthwise convolution of the same size, without bias, and batch normalisation, under two names.</summary>
    public static SymbolicTensor DepthwiseBatchNorm(
        this SymbolicTensor x, int kernelSize, string convolution, string normalization, int stride = 1) => x
        .DepthwiseConv(kernelSize, stride: stride, padding: kernelSize / 2, useBias: false, name: convolution)
        .BatchNorm(name: normalization);

    /// <summary>
    /// Local response normalisation with AlexNet's constants: k = 2, and 1e-4 times the sum over 5 channels, to the power of 0.75.
    /// </summary>
    public static SymbolicTensor ChannelNormalization(this SymbolicTensor x, string name) =>
        x.LocalResponseNorm(size: 5, alpha: 5 * 1e-4f, beta: 0.75f, k: 2, name: name);

    /// <summary>The image with further channels of zeros, for shortcuts without parameters.</summary>
    public static SymbolicTensor WithChannelsOfZeros(this SymbolicTensor x, int before, int after) =>
        before + after == 0 ? x : x.Pad([0, 0, before], [0, 0, after]);

    /// <summary>The last layers of a classifier of images: the mean over the image, dropout, a fully connected layer and softmax.</summary>
    public static SymbolicTensor Classify(this SymbolicTensor x, int classes, string name, float dropout = 0)
    {
        SymbolicTensor features = x.GlobalAvgPool();
        return (dropout > 0 ? features.Dropout(dropout) : features)
            .Dense(classes, initialization: Initialization.GlorotUniform, name: name)
            .Softmax();
    }
}
