namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>What a model says of some images.</summary>
/// <param name="Predictions">One an image that could be read, in the order in which they were given.</param>
/// <param name="Unread">The other images.</param>
internal sealed record PredictionReport(IReadOnlyList<ImagePrediction> Predictions, IReadOnlyList<UnreadImage> Unread);

/// <summary>An image of which a model can say nothing.</summary>
/// <param name="Image">The image.</param>
/// <param name="Error">Why it cannot be read.</param>
internal sealed record UnreadImage(string Image, string Error);

/// <summary>What a model says of one image.</summary>
/// <param name="Image">The image.</param>
/// <param name="PredictedLabel">The class with the highest probability.</param>
/// <param name="Probabilities">The probability of each class, by its name, in the order of the classes.</param>
internal sealed record ImagePrediction(string Image, string PredictedLabel, IReadOnlyDictionary<string, float> Probabilities);
