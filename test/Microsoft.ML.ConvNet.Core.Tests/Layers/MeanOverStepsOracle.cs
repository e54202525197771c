namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>The mean of each channel over all steps of a sequence.</summary>
internal sealed class MeanOverStepsOracle : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        for (int i = 0; i < call.Inputs[0].Length; i++)
        {
            y[OutputOf(call, i)] += call.Inputs[0][i] / call.InputShapes[0][0];
        }

        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy) =>
        new([[.. call.Inputs[0].Select((_, i) => dy[OutputOf(call, i)] / call.InputShapes[0][0])]], []);

    private static int OutputOf(OracleCall call, int input)
    {
        int channels = call.OutputShape.Channels;
        return (input / call.InputShapes[0].ElementCount * channels) + (input % channels);
    }
}
