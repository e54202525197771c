namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>Layers that keep their parameters until an epoch.</summary>
/// <param name="Layers">Their name, or a pattern of it: <c>*</c> stands for any characters, <c>?</c> for one.</param>
/// <param name="Epoch">The first epoch, counted from 1, in which they are trained.</param>
public sealed record UnfreezingStage(string Layers, int Epoch);
