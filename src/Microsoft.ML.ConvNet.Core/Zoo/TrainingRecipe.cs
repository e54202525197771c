namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>How to train a network where the user says nothing: numbers that are known to work for it.</summary>
/// <param name="Optimizer">The rule by which the weights are moved.</param>
/// <param name="LearningRate">The step of that rule.</param>
/// <param name="BatchSize">Samples a step.</param>
/// <param name="Epochs">Passes over the samples.</param>
public sealed record TrainingRecipe(RecipeOptimizer Optimizer, float LearningRate, int BatchSize, int Epochs)
{
    /// <summary>The momentum of stochastic gradient descent.</summary>
    public float Momentum { get; init; }

    /// <summary>The weight decay.</summary>
    public float WeightDecay { get; init; }
}
