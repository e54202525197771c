using Microsoft.ML.ConvNet.Layers;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>A depthwise convolution: a convolution with one input channel a group.</summary>
internal sealed class DepthwiseLayerOracle(DepthwiseConv2D layer) : LayerOracle
{
    public override double[] Forward(OracleCall call) => Grouped(call).Forward(call);

    public override OracleGradients Backward(OracleCall call, double[] dy) => Grouped(call).Backward(call, dy);

    private ConvolutionLayerOracle Grouped(OracleCall call) =>
        new(new Conv2D(call.OutputShape.Channels, layer.KernelSize)
        {
            Stride = layer.Stride,
            Padding = layer.Padding,
            Dilation = layer.Dilation,
            Groups = call.InputShapes[0].Channels,
            UseBias = layer.UseBias,
        });
}
