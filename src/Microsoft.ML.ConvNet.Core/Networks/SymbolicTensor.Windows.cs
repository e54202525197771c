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

    /// <inheritdoc cref="LpPool2D"/>
    /// <param name="poolSize">The height and width of the window.</param>
    /// <param name="p">The exponent.</param>
    /// <param name="stride">The step from window to window; that of the window where not given.</param>
    /// <param name="padding">Rows and columns of zeros around the input.</param>
    /// <param name="ceiling">Whether a last window that reaches over the border is kept.</param>
    /// <param name="dilation">The distance between the elements of a window.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or the window does not fit it.</exception>
    public SymbolicTensor LpPool(
        Size2D poolSize,
        int p = 2,
        Size2D? stride = null,
        Padding padding = default,
        bool ceiling = false,
        Size2D? dilation = null,
        string? name = null) =>
        Apply(
            new LpPool2D(poolSize)
            {
                P = p,
                Stride = stride,
                Padding = padding,
                Ceiling = ceiling,
                Dilation = dilation ?? 1,
            },
            name);

    /// <inheritdoc cref="Resize2D"/>
    /// <param name="outputSize">The height and width of the output.</param>
    /// <param name="mode">What is taken between pixels.</param>
    /// <param name="coordinates">Where in the input the output's pixels lie.</param>
    /// <param name="rounding">Which pixel is the nearest one.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image.</exception>
    public SymbolicTensor Resize(
        Size2D outputSize,
        ResizeMode mode = ResizeMode.Nearest,
        ResizeCoordinates coordinates = ResizeCoordinates.HalfPixel,
        NearestRounding rounding = NearestRounding.RoundPreferFloor,
        string? name = null) =>
        Apply(new Resize2D(outputSize) { Mode = mode, Coordinates = coordinates, Rounding = rounding }, name);

    /// <inheritdoc cref="Upsample2D"/>
    /// <param name="scale">The factors of the height and the width.</param>
    /// <param name="mode">Whether pixels are repeated, or interpolated between.</param>
    /// <param name="coordinates">Where in the input the output's pixels lie.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image.</exception>
    public SymbolicTensor Upsample(
        Size2D scale,
        ResizeMode mode = ResizeMode.Nearest,
        ResizeCoordinates coordinates = ResizeCoordinates.HalfPixel,
        string? name = null) =>
        Apply(new Upsample2D(scale) { Mode = mode, Coordinates = coordinates }, name);

    /// <inheritdoc cref="RoiPool2D"/>
    /// <param name="boxes">The boxes <c>[R, 4]</c>.</param>
    /// <param name="outputSize">The number of bins along the height and the width of a box.</param>
    /// <param name="spatialScale">Pixels of the features for one unit of the boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or the boxes are no boxes.</exception>
    public SymbolicTensor RoiPool(SymbolicTensor boxes, Size2D outputSize, float spatialScale = 1, string? name = null) =>
        Apply(new RoiPool2D(outputSize) { SpatialScale = spatialScale }, [boxes], name);

    /// <inheritdoc cref="RoiAlign2D"/>
    /// <param name="boxes">The boxes <c>[R, 4]</c>.</param>
    /// <param name="outputSize">The number of bins along the height and the width of a box.</param>
    /// <param name="spatialScale">Pixels of the features for one unit of the boxes.</param>
    /// <param name="samplingRatio">The number of samples along the height and the width of a bin; 0 for one a pixel.</param>
    /// <param name="aligned">Whether boxes are shifted by half a pixel.</param>
    /// <param name="mode">What is taken of the samples.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="NetworkDefinitionException">The input is no image, or the boxes are no boxes.</exception>
    public SymbolicTensor RoiAlign(
        SymbolicTensor boxes,
        Size2D outputSize,
        float spatialScale = 1,
        int samplingRatio = 0,
        bool aligned = true,
        RoiAlignMode mode = RoiAlignMode.Average,
        string? name = null) =>
        Apply(
            new RoiAlign2D(outputSize)
            {
                SpatialScale = spatialScale,
                SamplingRatio = samplingRatio,
                Aligned = aligned,
                Mode = mode,
            },
            [boxes],
            name);
}
