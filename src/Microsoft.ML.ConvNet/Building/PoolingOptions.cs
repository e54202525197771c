using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;

namespace Microsoft.ML.ConvNet.Building;

/// <summary>What is made of the values of a window.</summary>
public enum PoolingKind
{
    /// <summary>The greatest.</summary>
    Max,

    /// <summary>The mean.</summary>
    Average,
}

/// <summary>What a pooling in a pipeline can be told: windows of a size, as many as an <see cref="OutputSize"/> has pixels, or one over the whole image (<see cref="IsGlobal"/>).</summary>
public sealed class PoolingOptions : BuildingOptions
{
    private const string Name = "pooling";

    /// <summary>What is made of the values of a window; the greatest where not given.</summary>
    public PoolingKind Kind { get; set; }

    /// <summary>The height and width of the windows; 2x2 where not given.</summary>
    public Size2D? WindowSize { get; set; }

    /// <summary>By how many pixels windows are apart; as much as they are large where not given.</summary>
    public Size2D? Stride { get; set; }

    /// <summary>What is around the input: nothing that is greater, and zeros that do not count in means; none where not given.</summary>
    public Padding Padding { get; set; }

    /// <summary>The height and width of the output, into as many parts as which the input is divided; null where windows have a size.</summary>
    public Size2D? OutputSize { get; set; }

    /// <summary>Whether one window is over the whole image: the output is a vector of its channels.</summary>
    public bool IsGlobal { get; set; }

    internal override void Check()
    {
        bool isOfWindows = WindowSize is not null || Stride is not null || Padding != default;
        if (!Enum.IsDefined(Kind) || (isOfWindows ? 1 : 0) + (OutputSize is null ? 0 : 1) + (IsGlobal ? 1 : 0) > 1)
        {
            throw new ArgumentException(
                !Enum.IsDefined(Kind) ? $"{nameof(Kind)} is one of {string.Join(", ", Enum.GetNames<PoolingKind>())}. Received: {Kind}."
                : $"A pooling has windows of a {nameof(WindowSize)}, an {nameof(OutputSize)}, or is {nameof(IsGlobal)}. Received: several of them.");
        }
    }

    internal override SymbolicTensor Layer(SymbolicTensor input) => (Kind, OutputSize, IsGlobal) switch
    {
        (PoolingKind.Max, _, true) => input.GlobalMaxPool(Name),
        (_, _, true) => input.GlobalAvgPool(Name),
        (PoolingKind.Max, { } size, _) => input.AdaptiveMaxPool(size, Name),
        (_, { } size, _) => input.AdaptiveAvgPool(size, Name),
        (PoolingKind.Max, _, _) => input.MaxPool(WindowSize ?? 2, Stride, Padding, name: Name),
        _ => input.AvgPool(WindowSize ?? 2, Stride, Padding, name: Name),
    };

    internal override void SetWeights(Weights weights)
    {
    }
}
