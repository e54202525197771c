using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Layers;

/// <summary>What an oracle computes on: a batch, in double, with samples one behind the other.</summary>
/// <param name="Batch">The number of samples.</param>
/// <param name="InputShapes">The shape of each input, without the batch.</param>
/// <param name="OutputShape">The shape of the output, without the batch.</param>
/// <param name="Inputs">The elements of each input.</param>
/// <param name="Parameters">The elements of each parameter, in the order in which the layer lists them.</param>
/// <param name="IsTraining">Whether the layer works as in training.</param>
internal sealed record OracleCall(
    int Batch,
    IReadOnlyList<Shape> InputShapes,
    Shape OutputShape,
    double[][] Inputs,
    double[][] Parameters,
    bool IsTraining);

/// <summary>The gradients that an oracle gives.</summary>
/// <param name="Inputs">By each input.</param>
/// <param name="Parameters">By each parameter; null by those that are not trained.</param>
internal sealed record OracleGradients(double[][] Inputs, double[]?[] Parameters);

/// <summary>A layer by its definition, in double, without any haste.</summary>
internal abstract class LayerOracle
{
    /// <summary>The output.</summary>
    public abstract double[] Forward(OracleCall call);

    /// <summary>The gradients of the sum of output times <paramref name="dy"/>.</summary>
    public abstract OracleGradients Backward(OracleCall call, double[] dy);

    /// <summary>Zeros of the sizes of the inputs and parameters.</summary>
    protected static OracleGradients Zeros(OracleCall call) =>
        new([.. call.Inputs.Select(input => new double[input.Length])], [.. call.Parameters.Select(parameter => new double[parameter.Length])]);
}
