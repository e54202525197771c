
namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>The logarithm of softmax, row by row.</summary>
internal sealed class LogSoftmaxLayerOracle : LayerOracle
{
    private readonly SoftmaxLayerOracle _softmax = new();

    public override double[] Forward(OracleCall call) => [.. _softmax.Forward(call).Select(y => Math.Log(y))];

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        double[] probabilities = _softmax.Forward(call);
        return _softmax.Backward(call, [.. dy.Zip(probabilities, (gradient, y) => gradient / y)]);
    }
}
