namespace Microsoft.ML.ConvNet.Kernels.Convolution.Direct;

/// <summary>
/// The source positions along one axis that some neighbouring results read, gathered: only those that are read where there is one
/// tap or one result, else all between the first and the last.
/// </summary>
/// <param name="Length">Positions gathered.</param>
/// <param name="SourceStep">From one gathered position's place in the source to the next one's.</param>
/// <param name="Stride">From a result's first position to that of the next result, in gathered positions.</param>
/// <param name="TapStep">From a tap's position to that of the next tap, in gathered positions.</param>
internal readonly record struct ConvolutionWindowAxis(int Length, int SourceStep, int Stride, int TapStep)
{
    /// <summary>The window of <paramref name="results"/> neighbouring results.</summary>
    public static ConvolutionWindowAxis Of(in ConvolutionAxis axis, int results)
    {
        if (axis.Taps <= 1)
        {
            return new(results, axis.Stride, 1, 0);
        }

        if (results == 1)
        {
            return new(axis.Taps, axis.TapStep, 1, 1);
        }

        return new(((results - 1) * axis.Stride) + ((axis.Taps - 1) * axis.TapStep) + 1, 1, axis.Stride, axis.TapStep);
    }

    /// <summary>The source itself, not gathered.</summary>
    public static ConvolutionWindowAxis Direct(in ConvolutionAxis axis) => new(axis.SourceLength, 1, axis.Stride, axis.TapStep);
}
