using Microsoft.ML.ConvNet.Planning;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Running;

/// <summary>What one step of a plan costs.</summary>
/// <param name="Layer">The layer that the step belongs to; where layers are fused, the last one.</param>
/// <param name="Kind">What the step does with it.</param>
/// <param name="Kernel">What is computed, with what is fused into it, and the algorithm where there are several.</param>
/// <param name="OutputShape">The shape of the layer's output, without the batch.</param>
/// <param name="WrittenBytes">Bytes of the plan's arena that the step writes: results, and memory to work with.</param>
/// <param name="MultiplyAdds">
/// Multiplications with addition for the batch, as the definition has them: an algorithm that needs fewer shows as a higher rate.
/// </param>
/// <param name="Time">The median of the step's times.</param>
public sealed record StepProfile(
    string Layer, StepKind Kind, string Kernel, Shape OutputShape, long WrittenBytes, long MultiplyAdds, TimeSpan Time)
{
    /// <summary>Billions of floating-point operations a second, a multiplication with addition counted as two; 0 for other steps.</summary>
    public double GigaflopsPerSecond => PlanProfile.Gigaflops(MultiplyAdds, Time);
}
