using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>What training makes small, as an op at the end of a training plan.</summary>
internal interface ILossFunction
{
    /// <summary>Whether it takes logits: a softmax at the end of the network is then computed with the loss.</summary>
    bool ReplacesSoftmax { get; }

    /// <summary>Whether a sigmoid at the end of the network is computed with the loss, which takes logits of flags.</summary>
    bool ReplacesSigmoid => false;

    /// <summary>
    /// For a loss that takes logits, whether the outputs are probabilities, whose logarithms it reads then; null where that follows from
    /// how they are made.
    /// </summary>
    bool? OutputsAreProbabilities => null;

    /// <summary>The op that computes the loss and its gradient for outputs of the given shape.</summary>
    LossOp Lower(Shape outputs);
}
