using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet;

/// <summary>What a training of a network that tells classes apart can be told beside what any training can.</summary>
public abstract class ConvNetClassificationOptions : ConvNetTrainingOptions
{
    private protected ConvNetClassificationOptions()
    {
    }

    /// <summary>The name of the key column that receives the class with the highest score.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// What the network's outputs are: a softmax is put behind <see cref="OutputKind.Logits"/>, and <see cref="OutputKind.Probabilities"/>
    /// stay as they are. Where nothing is said it follows from how the network makes them (<see cref="OutputAnalysis"/>): a softmax, one that
    /// is clipped, scaled or averaged, and sigmoids give probabilities.
    /// </summary>
    public OutputKind? Outputs { get; set; }

    /// <summary>
    /// What is made small, such as a <see cref="FocalLoss"/>; where not given, the cross-entropy of the softmax with <see cref="LabelSmoothing"/>.
    /// </summary>
    public ClassLoss? Loss { get; set; }

    /// <summary>
    /// The share of the target that is spread evenly over all classes, from 0, which it is where not given, to less than 1 (Szegedy et al.,
    /// "Rethinking the Inception architecture", 2015).
    /// </summary>
    public float LabelSmoothing { get; set; }

    /// <summary>
    /// What the rows of each class count, for classes of which some have far fewer rows than others: <see cref="ClassWeighting.Balanced"/>, or by
    /// name; all count alike where not given. The loss is the mean sum(w l) / sum(w) over the rows of a batch, and of an epoch, as that of PyTorch's
    /// <c>CrossEntropyLoss(weight)</c>, where w is the weight of the row's class, times its own where there is an
    /// <see cref="ConvNetTrainingOptions.ExampleWeightColumnName"/>. Validation rows are weighted alike; accuracies count rows.
    /// </summary>
    public ClassWeighting? ClassWeights { get; set; }
}
