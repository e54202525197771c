namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>A stretch of weights that a step moves, with their gradient, what is remembered of them, and how they decay.</summary>
internal unsafe struct UpdateTarget
{
    /// <summary>The weights.</summary>
    public float* Weights;

    /// <summary>The gradient.</summary>
    public float* Gradient;

    /// <summary>What is remembered first of each weight, or null.</summary>
    public float* Slot0;

    /// <summary>What is remembered second, or null.</summary>
    public float* Slot1;

    /// <summary>What is remembered third, or null.</summary>
    public float* Slot2;

    /// <summary>The number of weights.</summary>
    public nint Count;

    /// <summary>The factor of the weights that is added to the gradient (L2).</summary>
    public float GradientDecay;

    /// <summary>The factor of the weights' signs that is added to the gradient (L1).</summary>
    public float SignDecay;

    /// <summary>What the weights are multiplied by before the step, 1 for nothing: the decay that is decoupled from the gradient.</summary>
    public float WeightFactor;
}
