using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Building;

/// <summary>
/// What a convolution in a pipeline can be told: <see cref="Filters"/> or a <see cref="Kernel"/> that are given, or how many are to be learnt
/// (<see cref="FilterCount"/>, <see cref="Learning"/>). As in networks, windows are not turned: the output is the correlation with the filter.
/// </summary>
public sealed class ConvolutionOptions : BuildingOptions
{
    private const string Name = "convolution";

    /// <summary>
    /// The filters, each of the same height, width and number of channels, that of the input: <c>filter[row, column, channel]</c>. Each gives a channel of the
    /// output.
    /// </summary>
    public IReadOnlyList<float[,,]>? Filters { get; set; }

    /// <summary>One filter <c>[row, column]</c> that is applied to each channel by itself, such as an edge detector: the output has as many channels as the input.</summary>
    public float[,]? Kernel { get; set; }

    /// <summary>What is added to each channel of the output; nothing where not given.</summary>
    public IReadOnlyList<float>? Biases { get; set; }

    /// <summary>How many filters are learnt.</summary>
    public int? FilterCount { get; set; }

    /// <summary>The height and width of filters that are learnt; 3x3 where not given.</summary>
    public Size2D WindowSize { get; set; } = 3;

    /// <summary>
    /// How filters are learnt: the convolution is trained with a classifier behind it, of the classes of a label column, and kept. The network and the columns of the images
    /// are this layer's, whatever is said of them.
    /// </summary>
    public ConvNetMulticlassTrainer.Options? Learning { get; set; }

    /// <summary>By how many pixels windows are apart; 1 where not given.</summary>
    public Size2D Stride { get; set; } = 1;

    /// <summary>The zeros around the input; none where not given. <see cref="Layers.Padding.Same"/> keeps its size.</summary>
    public Padding Padding { get; set; }

    /// <summary>By how many pixels the values of a window are apart; 1 where not given.</summary>
    public Size2D Dilation { get; set; } = 1;

    internal override ConvNetMulticlassTrainer.Options? Training => FilterCount is null ? null : Learning ?? new ConvNetMulticlassTrainer.Options();

    internal override int? ChannelCount => Filters?[0].GetLength(2);

    internal override void Check()
    {
        int given = (Filters is null ? 0 : 1) + (Kernel is null ? 0 : 1) + (FilterCount is null ? 0 : 1);
        Require(
            given == 1,
            $"A convolution has one of {nameof(Filters)}, {nameof(Kernel)} and {nameof(FilterCount)}. Received: {(given == 0 ? "none" : "several")} of them.");
        Require(FilterCount is null or >= 1, FormattableString.Invariant($"{nameof(FilterCount)} is at least 1. Received: {FilterCount}."));
        Require(FilterCount is not null || Learning is null, $"{nameof(Learning)} is for {nameof(FilterCount)}. Received: filters that are given.");
        Require(FilterCount is null || Biases is null, $"{nameof(Biases)} are those of filters that are given. Received: filters that are to be learnt.");
        Require(Kernel is null || Kernel.Length > 0, $"{nameof(Kernel)} has values. Received: none.");
        if (Filters is { } filters)
        {
            Require(
                filters.Count > 0 && filters.All(filter => filter is { Length: > 0 }),
                $"{nameof(Filters)} are one or more, each of at least one value. Received: {(filters.Count == 0 ? "none" : "one without values")}.");
            float[,,] first = filters[0];
            float[,,]? other = filters.FirstOrDefault(filter => Text(filter) != Text(first));
            Require(other is null, $"{nameof(Filters)} have one size, that of the first, {Text(first)} (height x width x channels). Received: {(other is null ? "" : Text(other))}.");
            Require(
                Biases is null || Biases.Count == filters.Count,
                FormattableString.Invariant($"{nameof(Biases)} are one a filter. Received: {Biases?.Count} for {filters.Count} filters."));
        }
    }

    internal override SymbolicTensor Layer(SymbolicTensor input)
    {
        if (Filters is { } filters)
        {
            float[,,] filter = filters[0];
            Require(
                filter.GetLength(2) == input.Shape.Channels,
                FormattableString.Invariant($"{nameof(Filters)} have a value for each channel of the input, {input.Shape.Channels}. Received: {Text(filter)} (height x width x channels)."));
            return input.Conv(filters.Count, (filter.GetLength(0), filter.GetLength(1)), Stride, Padding, Dilation, name: Name);
        }

        if (Kernel is { } kernel)
        {
            Require(
                Biases is null || Biases.Count == input.Shape.Channels,
                FormattableString.Invariant($"{nameof(Biases)} are one a channel of the input, {input.Shape.Channels}. Received: {Biases?.Count}."));
            return input.Conv(
                input.Shape.Channels, (kernel.GetLength(0), kernel.GetLength(1)), Stride, Padding, Dilation, groups: input.Shape.Channels, name: Name);
        }

        return input.Conv(FilterCount!.Value, WindowSize, Stride, Padding, Dilation, name: Name);
    }

    internal override void SetWeights(Weights weights)
    {
        // [height, width, channels of the group, filters].
        Tensor tensor = weights[$"{Name}.weight"];
        Span<float> values = tensor.Span;
        int count = tensor.Shape[3];
        for (int filter = 0; filter < count; filter++)
        {
            int at = filter;
            foreach (float value in Kernel ?? (System.Collections.IEnumerable)Filters![filter])
            {
                values[at] = value;
                at += count;
            }
        }

        Biases?.ToArray().CopyTo(weights[$"{Name}.bias"].Span);
    }

    internal override SymbolicTensor Head(SymbolicTensor output, int classes)
    {
        SymbolicTensor learnt = Behind is null ? output.Relu() : output;
        bool isPooled = learnt.Shape is { IsImage: true, Height: > 1, Width: > 1 };
        return base.Head(isPooled ? learnt.MaxPool(2) : learnt, classes);
    }

    private static string Text(float[,,] filter) =>
        FormattableString.Invariant($"{filter.GetLength(0)}x{filter.GetLength(1)}x{filter.GetLength(2)}");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
