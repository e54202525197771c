namespace Microsoft.ML.ConvNet;

/// <summary>The parts of a fine-tuning, in their order.</summary>
public enum FineTuningPhase
{
    /// <summary>The features of the training images are computed.</summary>
    TrainSetFeatures,

    /// <summary>The features of the validation images are computed.</summary>
    ValidationSetFeatures,

    /// <summary>The new head is trained on the features.</summary>
    Head,

    /// <summary>The network is trained with its head, on the images.</summary>
    Network,

    /// <summary>The trained network was judged on the training images.</summary>
    TestOnTrainSet,
}
