namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The annotations by which ML.NET's components understand each other's columns.</summary>
internal static class AnnotationNames
{
    public const string KeyValues = "KeyValues";
    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";
    public const string IsNormalized = "IsNormalized";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreValueKind = "ScoreValueKind";

    /// <summary>The <see cref="ScoreColumnKind"/> of columns of a classification in classes.</summary>
    public const string MulticlassClassification = "MulticlassClassification";

    /// <summary>The <see cref="ScoreColumnKind"/> of columns of a classification in two.</summary>
    public const string BinaryClassification = "BinaryClassification";

    /// <summary>The <see cref="ScoreColumnKind"/> of a column of a number.</summary>
    public const string Regression = "Regression";

    /// <summary>The <see cref="ScoreColumnKind"/> of a column of several numbers.</summary>
    public const string MultiOutputRegression = "MultiOutputRegression";

    /// <summary>The <see cref="ScoreColumnKind"/> of columns of labels that do not exclude one another; ML.NET has none for them.</summary>
    public const string MultiLabelClassification = "MultiLabelClassification";

    /// <summary>The <see cref="ScoreValueKind"/> of scores.</summary>
    public const string Score = "Score";

    /// <summary>The <see cref="ScoreValueKind"/> of probabilities beside scores.</summary>
    public const string Probability = "Probability";

    /// <summary>The <see cref="ScoreValueKind"/> of predicted labels.</summary>
    public const string PredictedLabel = "PredictedLabel";
}
