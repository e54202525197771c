namespace Microsoft.ML.ConvNet.Networks;

/// <summary>What the outputs of a network are, which decides whether a softmax still has to follow.</summary>
public enum OutputKind
{
    /// <summary>Any numbers, the larger the more probable: their softmax are probabilities.</summary>
    Logits,

    /// <summary>Probabilities already, such as a softmax or a sigmoid gives, or a multiple of them such as percentages.</summary>
    Probabilities,
}
