using Microsoft.ML.ConvNet.Kernels.Convolution;

namespace Microsoft.ML.ConvNet.Benchmarks.Sweep;

/// <summary>A shape of convolution or dense layer in a network.</summary>
/// <param name="Name">The first layer that has it.</param>
/// <param name="Count">How many layers have it.</param>
/// <param name="Shape">The shape.</param>
/// <param name="ReadsImages">Whether it is the first layer of all, so that training asks for no gradient of its input.</param>
internal sealed record LayerShape(string Name, int Count, ConvolutionShape Shape, bool ReadsImages)
{
    /// <summary>Multiplications with addition of all layers of this shape, for one image.</summary>
    public long MultiplyAdds => Count * (long)Shape.OutputHeight * Shape.OutputWidth * Shape.WeightsLength;

    /// <summary>The shape in words: window and stride, the input, and the output's channels.</summary>
    public string Description
    {
        get
        {
            string channels = $"{Shape.InputChannels} to {Shape.OutputChannels}";
            if (Shape == ConvolutionShape.Dense(Shape.InputChannels, Shape.OutputChannels))
            {
                return $"dense {channels}";
            }

            string stride = Shape.StrideHeight > 1 ? $"/{Shape.StrideHeight}" : string.Empty;
            string groups = Shape.IsDepthwise ? ", depthwise" : Shape.Groups > 1 ? $", {Shape.Groups} groups" : string.Empty;
            return $"{Shape.KernelHeight}x{Shape.KernelWidth}{stride} at {Shape.InputHeight}, {channels}{groups}";
        }
    }
}

/// <summary>The shapes of the convolutions and dense layers of a network, each once with the number of layers that have it.</summary>
/// <param name="name">The network.</param>
internal sealed class NetworkLayers(string name)
{
    private readonly List<LayerShape> _layers = [];

    /// <summary>The network.</summary>
    public string Name { get; } = name;

    /// <summary>The shapes, in the order of the first layer of each.</summary>
    public IReadOnlyList<LayerShape> Layers => _layers;

    /// <summary>Multiplications with addition of all layers, for one image.</summary>
    public long MultiplyAdds => _layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Adds a convolution of a square image.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="size">The height and width of the input.</param>
    /// <param name="inputs">The channels of the input.</param>
    /// <param name="outputs">The channels of the output.</param>
    /// <param name="kernel">The height and width of the window.</param>
    /// <param name="stride">The step of the window.</param>
    /// <param name="padding">Rows and columns of zeros on each side; half a window where not given.</param>
    /// <param name="groups">Groups of channels.</param>
    public NetworkLayers Conv(string layer, int size, int inputs, int outputs, int kernel, int stride = 1, int? padding = null, int groups = 1)
    {
        int pad = padding ?? (kernel / 2);
        int output = ((size + (2 * pad) - kernel) / stride) + 1;
        return Add(layer, new(size, size, inputs, output, output, outputs, kernel, kernel, stride, stride, 1, 1, pad, pad, groups));
    }

    /// <summary>Adds a convolution with a filter for each channel.</summary>
    public NetworkLayers Depthwise(string layer, int size, int channels, int stride = 1) =>
        Conv(layer, size, channels, channels, kernel: 3, stride, groups: channels);

    /// <summary>Adds a dense layer.</summary>
    public NetworkLayers Dense(string layer, int inputs, int outputs) => Add(layer, ConvolutionShape.Dense(inputs, outputs));

    private NetworkLayers Add(string layer, ConvolutionShape shape)
    {
        int at = _layers.FindIndex(known => known.Shape == shape);
        if (at >= 0)
        {
            _layers[at] = _layers[at] with { Count = _layers[at].Count + 1 };
        }
        else
        {
            _layers.Add(new LayerShape(layer, 1, shape, ReadsImages: _layers.Count == 0));
        }

        return this;
    }
}
