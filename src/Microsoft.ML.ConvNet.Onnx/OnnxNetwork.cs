using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Import;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Onnx;

/// <summary>
/// A network that was imported, its weights, and how the model's tensors become the network's. ONNX keeps images as <c>[N, C, H, W]</c>;
/// the
/// network takes <c>[N, H, W, C]</c>. Its results are in the order of ONNX, but for images with <see cref="OnnxImportOptions.KeepsChannelsLast"/>.
/// </summary>
public sealed class OnnxNetwork : IDisposable
{
    private readonly AxisLayout _inputLayout;
    private readonly AxisLayout? _outputLayout;

    internal OnnxNetwork(
        Network network,
        Weights weights,
        OnnxValueInfo input,
        OnnxValueInfo output,
        bool isBatched,
        AxisLayout inputLayout,
        AxisLayout? outputLayout)
    {
        Network = network;
        Weights = weights;
        Input = input;
        Output = output;
        IsBatched = isBatched;
        _inputLayout = inputLayout;
        _outputLayout = outputLayout;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Its weights.</summary>
    public Weights Weights { get; }

    /// <summary>
    /// The model's input that is the network's, with the dimensions that the import was made for. Without a name where it has none.
    /// </summary>
    public OnnxValueInfo Input { get; }

    /// <summary>The model's output that the network ends in, with its dimensions.</summary>
    public OnnxValueInfo Output { get; }

    /// <summary>
    /// Whether the first axis of the model's input is the batch, so that the network takes any number of samples at a time. Else the graph
    /// computes across that axis, and the whole tensor is one sample.
    /// </summary>
    public bool IsBatched { get; }

    /// <summary>
    /// A name for each output, by what the model says of its classes (<see cref="OnnxModel.ClassNames"/>); one that was there before gets its
    /// number, as "crane (517)". Null where the model says nothing, or names another number of classes than the network has outputs.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; internal set; }

    /// <summary>
    /// Whether a softmax was put behind the model's output, by <see cref="OnnxImportOptions.AddsSoftmax"/>, since its numbers are logits.
    /// </summary>
    public bool AddedSoftmax { get; internal init; }

    /// <summary>Brings a tensor of the model's input into the network's order.</summary>
    /// <param name="input">The tensor, <c>[N, C, H, W]</c> for images.</param>
    /// <param name="batch">Receives the number of samples.</param>
    /// <returns>The samples one behind the other, each of the network's input shape.</returns>
    /// <exception cref="ArgumentException">
    /// The elements are no floating-point numbers, or the dimensions are not those that the import was made for.
    /// </exception>
    public float[] ToNetworkInput(OnnxTensor input, out int batch)
    {
        ArgumentNullException.ThrowIfNull(input);
        IReadOnlyList<int?> wanted = Input.Dimensions!;
        bool fits = input.IsFloatingPoint && input.Dimensions.Count == wanted.Count
            && input.Dimensions.Select((dimension, axis) => (IsBatched && axis == 0) || dimension == wanted[axis]).All(same => same);
        if (!fits)
        {
            throw new ArgumentException(
                $"The network takes {Input}{(IsBatched ? " with any number of samples" : string.Empty)}. Received: {input}.",
                    nameof(input));
        }

        batch = IsBatched ? input.Dimensions[0] : 1;
        float[] values = input.ToArray();
        int length = batch == 0 ? 0 : values.Length / batch;
        float[] ordered = new float[values.Length];
        int[] places = _inputLayout.LogicalPlaces();
        for (int sample = 0; sample < batch && length > 0; sample++)
        {
            for (int i = 0; i < length; i++)
            {
                ordered[(sample * length) + i] = values[(sample * length) + places[i]];
            }
        }

        return ordered;
    }

    /// <summary>Gives results of the network the dimensions of the model's output.</summary>
    /// <param name="values">The results one behind the other.</param>
    /// <param name="batch">The number of samples.</param>
    public OnnxTensor ToOnnxOutput(float[] values, int batch)
    {
        ArgumentNullException.ThrowIfNull(values);
        int[] dimensions = [.. Output.Dimensions!.Select(dimension => dimension!.Value)];
        if (IsBatched && dimensions.Length > 0)
        {
            dimensions[0] = batch;
        }

        int count = ElementCount.Of(dimensions);
        return new OnnxTensor(Output.Name, Output.ElementType, dimensions, count == 0 ? [] : InOrderOfOnnx(values, batch));
    }

    /// <summary>Computes the model's output for a tensor of its input.</summary>
    /// <param name="input">The tensor; null for a model without an input.</param>
    /// <param name="numberOfThreads">The most threads to use; 0 for one a core.</param>
    /// <exception cref="ArgumentException">The dimensions are not those that the import was made for.</exception>
    public OnnxTensor Run(OnnxTensor? input, int numberOfThreads = 0)
    {
        int batch = 1;
        float[] samples = Input.Dimensions is null || Input.Dimensions.Contains(0)
            ? new float[Network.InputShape.ElementCount]
            : ToNetworkInput(input ?? throw new ArgumentNullException(nameof(input)), out batch);
        using InferenceModel model = new(Network, Weights, numberOfThreads);
        float[] results = new float[batch * Network.OutputShape.ElementCount];
        model.Predict(samples, batch, results);
        return ToOnnxOutput(results, batch);
    }

    private float[] InOrderOfOnnx(float[] values, int batch)
    {
        if (_outputLayout is null)
        {
            return values;
        }

        int[] places = _outputLayout.LogicalPlaces();
        float[] ordered = new float[values.Length];
        for (int sample = 0; sample < batch; sample++)
        {
            for (int i = 0; i < places.Length; i++)
            {
                ordered[(sample * places.Length) + places[i]] = values[(sample * places.Length) + i];
            }
        }

        return ordered;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Weights.Dispose();
}
