using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>A layer over sequences: the same over images of height 1.</summary>
internal sealed class SequenceLayerOracle(LayerOracle overImages) : LayerOracle
{
    public override double[] Forward(OracleCall call) => overImages.Forward(AsImage(call));

    public override OracleGradients Backward(OracleCall call, double[] dy) => overImages.Backward(AsImage(call), dy);

    public static SequenceLayerOracle Of(Conv1D layer) => new(new ConvolutionLayerOracle(
        new Conv2D(layer.Filters, (1, layer.KernelSize))
        {
            Stride = (1, layer.Stride),
            Padding = AsImage(layer.Padding),
            Dilation = (1, layer.Dilation),
            Groups = layer.Groups,
            UseBias = layer.UseBias,
        }));

    public static SequenceLayerOracle Of(MaxPool1D layer) => new(new PoolingLayerOracle(
        new MaxPool2D((1, layer.PoolSize))
        {
            Stride = (1, layer.Stride ?? layer.PoolSize),
            Padding = AsImage(layer.Padding),
            Dilation = (1, layer.Dilation),
        },
        isMaximum: true));

    public static SequenceLayerOracle Of(AvgPool1D layer) => new(new PoolingLayerOracle(
        new AvgPool2D((1, layer.PoolSize))
        {
            Stride = (1, layer.Stride ?? layer.PoolSize),
            Padding = AsImage(layer.Padding),
            Dilation = (1, layer.Dilation),
            CountIncludesPadding = layer.CountIncludesPadding,
        },
        isMaximum: false));

    private static Padding AsImage(Padding1D padding) =>
        padding.IsSame ? Padding.Same : new Padding(0, 0, padding.Before, padding.After);

    private static OracleCall AsImage(OracleCall call) =>
        call with { InputShapes = [.. call.InputShapes.Select(AsImage)], OutputShape = AsImage(call.OutputShape) };

    private static Shape AsImage(Shape sequence) => sequence.Rank == 2 ? [1, sequence[0], sequence[1]] : sequence;
}
