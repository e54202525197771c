namespace Microsoft.ML.ConvNet.Training;

/// <summary>A step of a <see cref="LearningRateFinder"/>.</summary>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Loss">The mean loss of its samples, before the weights followed them.</param>
/// <param name="SmoothedLoss">The running mean of the losses so far.</param>
public sealed record LearningRatePoint(float LearningRate, double Loss, double SmoothedLoss);
