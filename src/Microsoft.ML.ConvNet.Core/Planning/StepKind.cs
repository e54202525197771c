namespace Microsoft.ML.ConvNet.Planning;

/// <summary>What a profiled step does with its layer.</summary>
public enum StepKind
{
    /// <summary>Brings weights into the order in which the forward kernel reads them; in inference this is done once, not in a run.</summary>
    Pack,

    /// <summary>Computes the layer's output.</summary>
    Forward,

    /// <summary>Brings weights into the order in which the kernel of the input's gradient reads them.</summary>
    PackForBackward,

    /// <summary>Computes the layer's gradients.</summary>
    Backward,

    /// <summary>Moves the weights along the gradient.</summary>
    Update,
}
