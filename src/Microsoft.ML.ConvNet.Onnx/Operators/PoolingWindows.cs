using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>
/// The windows of a pooling that is written. Its padding is what the windows reach: a rounded-up number of windows is written as padding,
/// for the readers of ONNX do not agree on which windows ceil_mode means; and padding that is not less than the window, which they refuse,
/// is put around the input before.
/// </summary>
/// <param name="Axes">The windows along each spatial axis.</param>
internal sealed record PoolingWindows(IReadOnlyList<PoolingWindows.Axis> Axes)
{
    /// <summary>The windows along one axis.</summary>
    /// <param name="Input">The length of the input.</param>
    /// <param name="Output">The number of windows.</param>
    /// <param name="Kernel">The elements of a window.</param>
    /// <param name="Stride">The step.</param>
    /// <param name="Dilation">The distance of a window's elements.</param>
    /// <param name="Before">The padding before.</param>
    /// <param name="After">The padding behind that the layer has.</param>
    internal sealed record Axis(int Input, int Output, int Kernel, int Stride, int Dilation, int Before, int After)
    {
        /// <summary>The padding behind that the windows reach.</summary>
        public int Reached => Math.Max(((Output - 1) * Stride) + ((Kernel - 1) * Dilation) + 1 - Input - Before, 0);

        /// <summary>The padding at both ends of a layer that keeps the size.</summary>
        public Axis Same()
        {
            int total = Math.Max(((Output - 1) * Stride) + ((Kernel - 1) * Dilation) + 1 - Input, 0);
            return this with { Before = total / 2, After = total - (total / 2) };
        }

        /// <summary>How many elements of the input each window has.</summary>
        public IEnumerable<int> Counts() => Enumerable.Range(0, Output).Select(output => Enumerable.Range(0, Kernel)
            .Count(element => (output * Stride) - Before + (element * Dilation) is int place && place >= 0 && place < Input));
    }

    /// <summary>
    /// A zero that ONNX Runtime does not take for one: it would make the padding that of the pooling behind it, where it is not allowed.
    /// </summary>
    private const float Zero = -0f;

    /// <summary>Whether padding is less than the window everywhere.</summary>
    private bool FitsKernel => Axes.All(axis => Math.Max(axis.Before, axis.Reached) < axis.Kernel);

    /// <summary>The windows over an image.</summary>
    public static PoolingWindows Of(LayerExport layer, Size2D kernel, Size2D stride, Size2D dilation, Padding padding)
    {
        Shape input = layer.Input.Shape;
        Shape output = layer.OutputShape;
        Axis rows = new(input[0], output[0], kernel.Height, stride.Height, dilation.Height, padding.Top, padding.Bottom);
        Axis columns = new(input[1], output[1], kernel.Width, stride.Width, dilation.Width, padding.Left, padding.Right);
        return new PoolingWindows(padding.IsSame ? [rows.Same(), columns.Same()] : [rows, columns]);
    }

    /// <summary>The windows over a sequence.</summary>
    public static PoolingWindows Of(LayerExport layer, int kernel, int stride, int dilation, Padding1D padding)
    {
        Axis axis = new(layer.Input.Shape[0], layer.OutputShape[0], kernel, stride, dilation, padding.Before, padding.After);
        return new PoolingWindows([padding.IsSame ? axis.Same() : axis]);
    }

    /// <summary>Writes a pooling to which an element of the given value does nothing: minus infinity, or 0.</summary>
    public ExportValue Write(LayerExport layer, string operation, float neutral, params AttributeProto[] attributes)
    {
        string input = layer.Graph.ChannelsFirst(layer.Input).Name;
        return FitsKernel
            ? Emit(layer, operation, input, [.. Axes.Select(axis => (axis.Before, axis.Reached))], attributes)
            : Emit(
                layer, operation, Padded(layer, input, [.. Axes.Select(axis => (axis.Before, axis.Reached))], neutral == 0 ? Zero : neutral),
                NoPadding, attributes);
    }

    /// <summary>Writes an average pooling.</summary>
    /// <remarks>Where padding counts, it is that of the layer: windows that reach beyond it are averages of what they have within.</remarks>
    public ExportValue WriteAverage(LayerExport layer, bool countsPadding)
    {
        const string Operation = "AveragePool";
        string input = layer.Graph.ChannelsFirst(layer.Input).Name;
        AttributeProto[] counts = [ExportGraph.Attribute("count_include_pad", countsPadding ? 1 : 0)];
        bool staysWithin = Axes.All(axis => axis.Reached <= axis.After);
        (int, int)[] reached = [.. Axes.Select(axis => (axis.Before, axis.Reached))];
        if (FitsKernel && (!countsPadding || staysWithin))
        {
            return Emit(layer, Operation, input, reached, counts);
        }

        PoolingWindows counted = countsPadding ? Within() : this;
        if (countsPadding)
        {
            input = Padded(layer, input, [.. Axes.Select(axis => (axis.Before, axis.After))], Zero);
            reached = [.. counted.Axes.Select(axis => (0, axis.Reached))];
        }

        if (counted.FitsKernel)
        {
            return Emit(layer, Operation, input, reached, [ExportGraph.Attribute("count_include_pad", 0)]);
        }

        // The mean of all elements of a window, zeros among them, is corrected by how many of them count.
        string padded = Padded(layer, input, reached, Zero);
        string mean = layer.Graph.Node(Operation, $"{layer.Name}/mean", [padded], counted.Attributes(NoPadding));
        float all = Axes.Aggregate(1f, (product, axis) => product * axis.Kernel);
        float[] factors = counted.Axes.Aggregate(
            new[] { all },
            (values, axis) => [.. values.SelectMany(value => axis.Counts().Select(count => value / count))]);
        string factor = layer.Graph.Floats($"{layer.Name}.factors", [1, 1, .. Axes.Select(axis => axis.Output)], factors);
        return layer.Emit("Mul", ExportOrder.ChannelsFirst, [mean, factor]);
    }

    private (int, int)[] NoPadding => [.. Axes.Select(_ => (0, 0))];

    /// <summary>The same windows over the input with its padding.</summary>
    private PoolingWindows Within() =>
        new([.. Axes.Select(axis => axis with { Input = axis.Before + axis.Input + axis.After, Before = 0, After = 0 })]);

    private ExportValue Emit(LayerExport layer, string operation, string input, (int, int)[] pads, AttributeProto[] attributes) =>
        layer.Emit(operation, ExportOrder.ChannelsFirst, [input], [.. Attributes(pads), .. attributes]);

    private AttributeProto[] Attributes((int Before, int After)[] pads) => WindowAttributes.Of(
        [.. Axes.Select(axis => axis.Kernel)],
        [.. Axes.Select(axis => axis.Stride)],
        [.. Axes.Select(axis => axis.Dilation)],
        [.. pads.Select(pad => pad.Before), .. pads.Select(pad => pad.After)]);

    private static string Padded(LayerExport layer, string input, (int Before, int After)[] pads, float value) => layer.Graph.Node(
        "Pad",
        $"{layer.Name}/pad",
        [
            input,
            layer.Graph.Integers($"{layer.Name}.pads", [0, 0, .. pads.Select(pad => pad.Before), 0, 0, .. pads.Select(pad => pad.After)]),
            layer.Graph.Scalar($"{layer.Name}.fill", value),
        ]);
}
