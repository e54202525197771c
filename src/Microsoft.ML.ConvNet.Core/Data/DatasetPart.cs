namespace Microsoft.ML.ConvNet.Data;

/// <summary>The parts that a published set of samples is divided into.</summary>
public enum DatasetPart
{
    /// <summary>What is trained with.</summary>
    Training,

    /// <summary>What is held out to measure what was learnt.</summary>
    Test,
}
