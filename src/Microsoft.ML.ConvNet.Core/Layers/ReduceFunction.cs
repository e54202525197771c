namespace Microsoft.ML.ConvNet.Layers;

/// <summary>What <see cref="Reduce"/> computes of the elements along its axes.</summary>
public enum ReduceFunction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest; those that are equal to it share its gradient.</summary>
    Max,

    /// <summary>The smallest; those that are equal to it share its gradient.</summary>
    Min,
}
