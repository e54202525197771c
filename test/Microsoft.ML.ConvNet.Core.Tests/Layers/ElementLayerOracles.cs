namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>A layer that passes its elements on as they are.</summary>
internal sealed class IdentityLayerOracle : LayerOracle
{
    public override double[] Forward(OracleCall call) => call.Inputs[0];

    public override OracleGradients Backward(OracleCall call, double[] dy) => new([dy], []);
}

/// <summary>The sum of all inputs.</summary>
internal sealed class AddLayerOracle : LayerOracle
{
    public override double[] Forward(OracleCall call) =>
        [.. Enumerable.Range(0, call.Inputs[0].Length).Select(i => call.Inputs.Sum(input => input[i]))];

    public override OracleGradients Backward(OracleCall call, double[] dy) => new([.. call.Inputs.Select(_ => dy)], []);
}

/// <summary>The inputs one behind the other along the channels.</summary>
internal sealed class ConcatLayerOracle : LayerOracle
{
    public override double[] Forward(OracleCall call)
    {
        double[] y = new double[call.Batch * call.OutputShape.ElementCount];
        ForEachElement(call, (input, from, to) => y[to] = call.Inputs[input][from]);
        return y;
    }

    public override OracleGradients Backward(OracleCall call, double[] dy)
    {
        OracleGradients gradients = Zeros(call);
        ForEachElement(call, (input, from, to) => gradients.Inputs[input][from] = dy[to]);
        return gradients;
    }

    private static void ForEachElement(OracleCall call, Action<int, int, int> visit)
    {
        int total = call.OutputShape.Channels;
        int offset = 0;
        for (int input = 0; input < call.Inputs.Length; input++)
        {
            int channels = call.InputShapes[input].Channels;
            for (int i = 0; i < call.Inputs[input].Length; i++)
            {
                visit(input, i, (i / channels * total) + offset + (i % channels));
            }

            offset += channels;
        }
    }
}
