namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>What a model says of some images.</summary>
/// <param name="Predictions">One an image, in the order in which they were given.</param>
internal sealed record PredictionReport(IReadOnlyList<ImagePrediction> Predictions);

/// <summary>What a model says of one image.</summary>
/// <param name="Image">The image.</param>
/// <param name="PredictedLabel">The class with the highest probability.</param>
/// <param name="Probabilities">The probability of each class, by its name, in the order of the classes.</param>
internal sealed record ImagePrediction(string Image, string PredictedLabel, IReadOnlyDictionary<string, float> Probabilities);
