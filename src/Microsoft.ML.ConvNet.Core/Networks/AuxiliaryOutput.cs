namespace Microsoft.ML.ConvNet.Networks;

/// <summary>An output beside a network's own, whose loss is added to that one's in training.</summary>
/// <param name="Node">The number of the node that gives it.</param>
/// <param name="Weight">What its loss is multiplied by.</param>
public sealed record AuxiliaryOutput(int Node, float Weight);
