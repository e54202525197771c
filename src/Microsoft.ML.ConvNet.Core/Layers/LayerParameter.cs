using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>A parameter that a layer has.</summary>
/// <param name="Name">Its name within the layer: weight, bias, running_mean...</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Initialization">What it holds before training.</param>
public sealed record LayerParameter(string Name, Shape Shape, Initialization Initialization)
{
    /// <summary>Whether training follows its gradient; the running statistics of batch normalisation have none.</summary>
    public bool IsTrainable { get; init; } = true;

    /// <summary>Whether weight decay applies to it: to the weights of products and convolutions, not to biases, scales and shifts.</summary>
    public bool Decays { get; init; }

    /// <summary>What the numbers of <see cref="Initialization"/> are multiplied by.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>How many inputs an output depends on: the scale of initial weights.</summary>
    public int FanIn { get; init; } = 1;

    /// <summary>How many outputs an input reaches.</summary>
    public int FanOut { get; init; } = 1;
}
