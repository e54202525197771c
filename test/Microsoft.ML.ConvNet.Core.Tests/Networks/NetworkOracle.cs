using Microsoft.ML.ConvNet.Core.Tests.Layers;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Core.Tests.Networks;

/// <summary>Interprets a network layer by layer, by the layers' oracles, in double: no plan, no fusion, no shared memory.</summary>
internal sealed class NetworkOracle
{
    private readonly Network _network;
    private readonly int _batch;
    private readonly bool _isTraining;

    public NetworkOracle(Network network, Weights weights, float[] input, int batch, bool isTraining)
    {
        _network = network;
        _batch = batch;
        _isTraining = isTraining;
        Input = DistinctNumbers.ToDoubles(input);
        foreach (string name in weights.Names)
        {
            Parameters.Add(name, DistinctNumbers.ToDoubles(weights[name].Span));
        }
    }

    /// <summary>The batch.</summary>
    public double[] Input { get; }

    /// <summary>The parameters by name.</summary>
    public Dictionary<string, double[]> Parameters { get; } = [];

    /// <summary>The gradient by the input, after <see cref="Backward"/>.</summary>
    public double[] InputGradient { get; private set; } = [];

    /// <summary>The gradients by the trained parameters, after <see cref="Backward"/>.</summary>
    public Dictionary<string, double[]> Gradients { get; } = [];

    /// <summary>The output.</summary>
    public double[] Forward() => Outputs()[^1];

    /// <summary>Computes the gradients of the sum of output times <paramref name="dy"/>.</summary>
    public void Backward(double[] dy)
    {
        double[][] outputs = Outputs();
        double[][] outputGradients = [.. outputs.Select(output => new double[output.Length])];
        InputGradient = new double[Input.Length];
        Gradients.Clear();
        outputGradients[^1] = dy;
        for (int i = outputs.Length - 1; i >= 0; i--)
        {
            NetworkNode node = _network.Nodes[i];
            OracleGradients gradients = LayerRegistrations.OracleOf(node.Layer).Backward(CallOf(i, outputs), outputGradients[i]);
            for (int k = 0; k < node.Inputs.Count; k++)
            {
                double[] sum = node.Inputs[k] < 0 ? InputGradient : outputGradients[node.Inputs[k]];
                for (int at = 0; at < sum.Length; at++)
                {
                    sum[at] += gradients.Inputs[k][at];
                }
            }

            string[] names = NamesOf(i);
            for (int k = 0; k < names.Length; k++)
            {
                if (gradients.Parameters[k] is { } gradient)
                {
                    Gradients.Add(names[k], gradient);
                }
            }
        }
    }

    private double[][] Outputs()
    {
        double[][] outputs = new double[_network.Nodes.Count][];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = LayerRegistrations.OracleOf(_network.Nodes[i].Layer).Forward(CallOf(i, outputs));
        }

        return outputs;
    }

    private OracleCall CallOf(int node, double[][] outputs) => new(
        _batch,
        _network.InputShapesOf(node),
        _network.Nodes[node].OutputShape,
        [.. _network.Nodes[node].Inputs.Select(input => input < 0 ? Input : outputs[input])],
        [.. NamesOf(node).Select(name => Parameters[name])],
        _isTraining);

    private string[] NamesOf(int node) =>
        [.. _network.Parameters.Where(parameter => parameter.Node == node).Select(parameter => parameter.Name)];
}
