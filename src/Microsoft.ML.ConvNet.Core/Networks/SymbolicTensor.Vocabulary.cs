using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Networks;

/// <content>The vocabulary: one verb a layer.</content>
public sealed partial class SymbolicTensor
{
    /// <inheritdoc cref="Conv2D"/>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernelSize">The height and width of the window.</param>
    /// <param name="stride">The step from window to window.</param>
    /// <param name="padding">Zeros around the input; none where not given.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="groups">Into how many groups the channels are divided.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="initialization">What the weights hold before training.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or the window does not fit it.</exception>
    public SymbolicTensor Conv(
        int filters,
        Size2D kernelSize,
        Size2D? stride = null,
        Padding padding = default,
        Size2D? dilation = null,
        int groups = 1,
        bool useBias = true,
        Initialization initialization = Initialization.HeNormal,
        string? name = null) =>
        Apply(
            new Conv2D(filters, kernelSize)
            {
                Stride = stride ?? 1,
                Padding = padding,
                Dilation = dilation ?? 1,
                Groups = groups,
                UseBias = useBias,
                Initialization = initialization,
            },
            name);

    /// <inheritdoc cref="Layers.Dense"/>
    /// <param name="units">The number of outputs.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="initialization">What the weights hold before training.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no vector.</exception>
    public SymbolicTensor Dense(
        int units, bool useBias = true, Initialization initialization = Initialization.HeNormal, string? name = null) =>
        Apply(new Dense(units) { UseBias = useBias, Initialization = initialization }, name);

    /// <inheritdoc cref="MaxPool2D"/>
    /// <param name="poolSize">The height and width of the window.</param>
    /// <param name="stride">The step from window to window; that of the window where not given.</param>
    /// <param name="padding">Rows and columns around the input.</param>
    /// <param name="ceiling">Whether a last window that reaches over the border is kept.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or the window does not fit it.</exception>
    public SymbolicTensor MaxPool(
        Size2D poolSize,
        Size2D? stride = null,
        Padding padding = default,
        bool ceiling = false,
        Size2D? dilation = null,
        string? name = null) =>
        Apply(
            new MaxPool2D(poolSize)
            {
                Stride = stride,
                Padding = padding,
                Ceiling = ceiling,
                Dilation = dilation ?? 1,
            },
            name);

    /// <inheritdoc cref="AvgPool2D"/>
    /// <param name="poolSize">The height and width of the window.</param>
    /// <param name="stride">The step from window to window; that of the window where not given.</param>
    /// <param name="padding">Rows and columns around the input.</param>
    /// <param name="ceiling">Whether a last window that reaches over the border is kept.</param>
    /// <param name="countIncludesPadding">Whether the zeros of the padding count as elements of a window.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or the window does not fit it.</exception>
    public SymbolicTensor AvgPool(
        Size2D poolSize,
        Size2D? stride = null,
        Padding padding = default,
        bool ceiling = false,
        bool countIncludesPadding = false,
        Size2D? dilation = null,
        string? name = null) =>
        Apply(
            new AvgPool2D(poolSize)
            {
                Stride = stride,
                Padding = padding,
                Ceiling = ceiling,
                CountIncludesPadding = countIncludesPadding,
                Dilation = dilation ?? 1,
            },
            name);

    /// <inheritdoc cref="AdaptiveMaxPool2D"/>
    /// <param name="outputSize">The height and width of the output.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor AdaptiveMaxPool(Size2D outputSize, string? name = null) => Apply(new AdaptiveMaxPool2D(outputSize), name);

    /// <inheritdoc cref="AdaptiveAvgPool2D"/>
    /// <param name="outputSize">The height and width of the output.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor AdaptiveAvgPool(Size2D outputSize, string? name = null) => Apply(new AdaptiveAvgPool2D(outputSize), name);

    /// <inheritdoc cref="GlobalAvgPool2D"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor GlobalAvgPool(string? name = null) => Apply(new GlobalAvgPool2D(), name);

    /// <inheritdoc cref="Layers.Flatten"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Flatten(string? name = null) => Apply(new Flatten(), name);

    /// <inheritdoc cref="Layers.BatchNorm"/>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="momentum">The share of a batch's statistics in the new running ones.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor BatchNorm(float epsilon = 1e-5f, float momentum = 0.1f, string? name = null) =>
        Apply(new BatchNorm { Epsilon = epsilon, Momentum = momentum }, name);

    /// <inheritdoc cref="Layers.Dropout"/>
    /// <param name="rate">The probability of an element to be dropped.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Dropout(float rate = 0.5f, string? name = null) => Apply(new Dropout(rate), name);

    /// <inheritdoc cref="ReLU"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Relu(string? name = null) => Apply(new ReLU(), name);

    /// <inheritdoc cref="LeakyReLU"/>
    /// <param name="slope">The slope for negative arguments.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor LeakyRelu(float slope = 0.01f, string? name = null) => Apply(new LeakyReLU(slope), name);

    /// <inheritdoc cref="ELU"/>
    /// <param name="alpha">What it tends to, negated, for negative arguments.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Elu(float alpha = 1f, string? name = null) => Apply(new ELU(alpha), name);

    /// <inheritdoc cref="Layers.Sigmoid"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Sigmoid(string? name = null) => Apply(new Sigmoid(), name);

    /// <inheritdoc cref="Layers.Tanh"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Tanh(string? name = null) => Apply(new Tanh(), name);

    /// <inheritdoc cref="Layers.Softplus"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Softplus(string? name = null) => Apply(new Softplus(), name);

    /// <inheritdoc cref="SiLU"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Silu(string? name = null) => Apply(new SiLU(), name);

    /// <inheritdoc cref="GELU"/>
    /// <param name="approximate">Whether the normal distribution is approximated by a hyperbolic tangent.</param>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Gelu(bool approximate = false, string? name = null) => Apply(new GELU { Approximate = approximate }, name);

    /// <inheritdoc cref="Layers.Softmax"/>
    /// <param name="name">The layer's name.</param>
    public SymbolicTensor Softmax(string? name = null) => Apply(new Softmax(), name);

    /// <inheritdoc cref="Layers.Add"/>
    /// <param name="others">What is added to this tensor.</param>
    /// <exception cref="NetworkDefinitionException">The shapes differ, or a tensor belongs to another network.</exception>
    public SymbolicTensor Add(params SymbolicTensor[] others) => Apply(new Add(), others);

    /// <inheritdoc cref="Layers.Concat"/>
    /// <param name="others">What is put behind this tensor, along the channels.</param>
    /// <exception cref="NetworkDefinitionException">
    /// The shapes differ in more than channels, or a tensor belongs to another network.
    /// </exception>
    public SymbolicTensor Concat(params SymbolicTensor[] others) => Apply(new Concat(), others);
}
