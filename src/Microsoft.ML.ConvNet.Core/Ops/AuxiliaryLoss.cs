namespace Microsoft.ML.ConvNet.Ops;

/// <summary>What an auxiliary output is trained by.</summary>
/// <param name="Function">Its loss.</param>
/// <param name="Weight">What that counts beside the loss of the network's own output.</param>
internal readonly record struct AuxiliaryLoss(ILossFunction Function, float Weight);
