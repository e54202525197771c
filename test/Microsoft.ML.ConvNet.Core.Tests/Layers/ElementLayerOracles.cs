namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>A layer that passes its elements on as they are.</summary>
internal sealed class IdentityLayerOracle : LayerOracle
{
    public override double[] Forward(OracleCall call) => call.Inputs[0];

    public override OracleGradients Backward(OracleCall call, double[] dy) => new([dy], []);
}
