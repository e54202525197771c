namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The annotations by which ML.NET's components understand each other's columns.</summary>
internal static class AnnotationNames
{
    public const string KeyValues = "KeyValues";
    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreValueKind = "ScoreValueKind";

    /// <summary>The <see cref="ScoreColumnKind"/> of columns of a classification in classes.</summary>
    public const string MulticlassClassification = "MulticlassClassification";

    /// <summary>The <see cref="ScoreValueKind"/> of scores.</summary>
    public const string Score = "Score";

    /// <summary>The <see cref="ScoreValueKind"/> of predicted labels.</summary>
    public const string PredictedLabel = "PredictedLabel";
}
