namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>x above 0, weight x below, with a weight for each channel or one for all.</summary>
internal sealed class PReluLayerOracle : LayerOracle
{
    public override double[] Forward(OracleCall call) =>
        [.. call.Inputs[0].Select((x, i) => x > 0 ? x : x * call.Parameters[0][i % call.Parameters[0].Length])];

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        for (int i = 0; i < dy.Length; i++)
        {
            int weight = i % call.Parameters[0].Length;
            double x = call.Inputs[0][i];
            gradients.Inputs[0][i] = x > 0 ? dy[i] : dy[i] * call.Parameters[0][weight];
            gradients.Parameters[0]![weight] += x > 0 ? 0 : dy[i] * x;
        }

        return gradients;
    }
}
