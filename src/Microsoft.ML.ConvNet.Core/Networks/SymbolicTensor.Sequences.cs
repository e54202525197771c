using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks;

/// <content>Layers that work window by window over sequences.</content>
public sealed partial class SymbolicTensor
{
    /// <inheritdoc cref="Layers.Conv1D"/>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernelSize">The length of the window.</param>
    /// <param name="stride">The step from window to window.</param>
    /// <param name="padding">Zeros before and after the input; none where not given.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="groups">Into how many groups the channels are divided.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="initialization">What the weights hold before training.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no sequence, or the window does not fit it.</exception>
    public SymbolicTensor Conv1D(
        int filters,
        int kernelSize,
        int stride = 1,
        Padding1D padding = default,
        int dilation = 1,
        int groups = 1,
        bool useBias = true,
        Initialization initialization = Initialization.HeNormal,
        string? name = null) =>
        Apply(
            new Conv1D(filters, kernelSize)
            {
                Stride = stride,
                Padding = padding,
                Dilation = dilation,
                Groups = groups,
                UseBias = useBias,
                Initialization = initialization,
            },
            name);

    /// <inheritdoc cref="Layers.MaxPool1D"/>
    /// <param name="poolSize">The length of the window.</param>
    /// <param name="stride">The step from window to window; that of the window where not given.</param>
    /// <param name="padding">Steps before and after the input.</param>
    /// <param name="ceiling">Whether a last window that reaches over the end is kept.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no sequence, or the window does not fit it.</exception>
    public SymbolicTensor MaxPool1D(
        int poolSize, int? stride = null, Padding1D padding = default, bool ceiling = false, int dilation = 1, string? name = null) =>
        Apply(
            new MaxPool1D(poolSize)
            {
                Stride = stride,
                Padding = padding,
                Ceiling = ceiling,
                Dilation = dilation,
            },
            name);

    /// <inheritdoc cref="Layers.AvgPool1D"/>
    /// <param name="poolSize">The length of the window.</param>
    /// <param name="stride">The step from window to window; that of the window where not given.</param>
    /// <param name="padding">Steps before and after the input.</param>
    /// <param name="ceiling">Whether a last window that reaches over the end is kept.</param>
    /// <param name="countIncludesPadding">Whether the zeros of the padding count as elements of a window.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no sequence, or the window does not fit it.</exception>
    public SymbolicTensor AvgPool1D(
        int poolSize,
        int? stride = null,
        Padding1D padding = default,
        bool ceiling = false,
        bool countIncludesPadding = false,
        int dilation = 1,
        string? name = null) =>
        Apply(
            new AvgPool1D(poolSize)
            {
                Stride = stride,
                Padding = padding,
                Ceiling = ceiling,
                CountIncludesPadding = countIncludesPadding,
                Dilation = dilation,
            },
            name);

    /// <inheritdoc cref="Layers.GlobalAvgPool1D"/>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no sequence.</exception>
    public SymbolicTensor GlobalAvgPool1D(string? name = null) => Apply(new GlobalAvgPool1D(), name);
}
