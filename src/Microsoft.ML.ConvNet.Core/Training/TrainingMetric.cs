namespace Microsoft.ML.ConvNet.Training;

/// <summary>A number by which epochs are compared.</summary>
public enum TrainingMetric
{
    /// <summary>
    /// The validation loss; without a validation set the training loss. It tells a network that grows too sure of itself, and is less a matter of luck
    /// than the accuracy of a few hundred samples.
    /// </summary>
    Best,

    /// <summary>The mean loss of the training samples; smaller is better.</summary>
    Loss,

    /// <summary>The share of the training samples whose class was found; larger is better.</summary>
    Accuracy,

    /// <summary>The mean loss of the validation samples; smaller is better.</summary>
    ValidationLoss,

    /// <summary>The share of the validation samples whose class was found; larger is better.</summary>
    ValidationAccuracy,
}
