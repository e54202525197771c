using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks;

/// <content>Layers that work window by window.</content>
public sealed partial class SymbolicTensor
{
    /// <inheritdoc cref="DepthwiseConv2D"/>
    /// <param name="kernelSize">The height and width of the window.</param>
    /// <param name="depthMultiplier">The number of filters of each channel.</param>
    /// <param name="stride">The step from window to window.</param>
    /// <param name="padding">Zeros around the input; none where not given.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="initialization">What the weights hold before training.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or the window does not fit it.</exception>
    public SymbolicTensor DepthwiseConv(
        Size2D kernelSize,
        int depthMultiplier = 1,
        Size2D? stride = null,
        Padding padding = default,
        Size2D? dilation = null,
        bool useBias = true,
        Initialization initialization = Initialization.HeNormal,
        string? name = null) =>
        Apply(
            new DepthwiseConv2D(kernelSize)
            {
                DepthMultiplier = depthMultiplier,
                Stride = stride ?? 1,
                Padding = padding,
                Dilation = dilation ?? 1,
                UseBias = useBias,
                Initialization = initialization,
            },
            name);

    /// <inheritdoc cref="ConvTranspose2D"/>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernelSize">The height and width of the window.</param>
    /// <param name="stride">The step in the output from one input pixel to the next.</param>
    /// <param name="padding">Rows and columns that are cut off the output; none where not given.</param>
    /// <param name="outputPadding">Rows and columns added below and on the right of the output; none where not given.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="groups">Into how many groups the channels are divided.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="initialization">What the weights hold before training.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or nothing is left of the output.</exception>
    public SymbolicTensor ConvTranspose(
        int filters,
        Size2D kernelSize,
        Size2D? stride = null,
        Padding padding = default,
        Size2D outputPadding = default,
        Size2D? dilation = null,
        int groups = 1,
        bool useBias = true,
        Initialization initialization = Initialization.HeNormal,
        string? name = null) =>
        Apply(
            new ConvTranspose2D(filters, kernelSize)
            {
                Stride = stride ?? 1,
                Padding = padding,
                OutputPadding = outputPadding,
                Dilation = dilation ?? 1,
                Groups = groups,
                UseBias = useBias,
                Initialization = initialization,
            },
            name);

    /// <inheritdoc cref="GlobalMaxPool2D"/>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image.</exception>
    public SymbolicTensor GlobalMaxPool(string? name = null) => Apply(new GlobalMaxPool2D(), name);
}
