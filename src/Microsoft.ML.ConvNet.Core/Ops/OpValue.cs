using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>What a value of an op graph stands for.</summary>
internal enum OpValueKind
{
    /// <summary>The network's input, one tensor a sample.</summary>
    Input,

    /// <summary>The result of an op, one tensor a sample.</summary>
    Activation,

    /// <summary>A parameter, one tensor for all samples.</summary>
    Parameter,
}

/// <summary>A value of an op graph: written once, read by any number of ops.</summary>
/// <param name="Index">Its number in the graph.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Shape">Its shape; of an input or activation, without the batch.</param>
/// <param name="Name">The layer's or the parameter's name.</param>
internal sealed record OpValue(int Index, OpValueKind Kind, Shape Shape, string Name)
{
    /// <summary>The number of this parameter among the network's parameters; -1 for what is not a parameter.</summary>
    public int ParameterIndex { get; init; } = -1;
}
