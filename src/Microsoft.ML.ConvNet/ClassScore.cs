namespace Microsoft.ML.ConvNet;

/// <summary>A class or label with its score.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Score">Its score, such as the probability.</param>
public readonly record struct ClassScore(string Name, float Score);
