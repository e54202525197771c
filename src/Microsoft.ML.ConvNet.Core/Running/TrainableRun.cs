namespace Microsoft.ML.ConvNet.Running;

/// <summary>A stretch of the weights' block that training changes, all of it by the same settings.</summary>
/// <param name="Offset">Its first float in the block.</param>
/// <param name="Length">Its floats.</param>
/// <param name="Decays">Whether weight decay applies to it.</param>
/// <param name="LearningRateFactor">What the learning rate is multiplied by.</param>
/// <param name="WeightDecay">The weight decay, in place of the optimizer's; null for that.</param>
internal readonly record struct TrainableRun(
    nint Offset, nint Length, bool Decays, float LearningRateFactor = 1, float? WeightDecay = null)
{
    /// <summary>Whether another one is trained by the same settings.</summary>
    public bool HasSettingsOf(TrainableRun other) =>
        (Decays, LearningRateFactor, WeightDecay) == (other.Decays, other.LearningRateFactor, other.WeightDecay);
}
