using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>
/// Networks of windows that lie askew: paddings of four sides, some as large as the window, dilations, strides that do not divide, rounding
/// up, over images and over sequences; a seed always gives the same one.
/// </summary>
internal static class RandomWindowNetwork
{
    /// <summary>Makes one that ends in an image, a sequence or a vector.</summary>
    public static Network Create(int seed)
    {
        Random random = new(seed);
        bool isImage = random.Next(3) > 0;
        SymbolicTensor x = isImage
            ? Network.Input(new Shape(5 + random.Next(14), 5 + random.Next(14), 1 + random.Next(3)))
            : Network.Input(new Shape(6 + random.Next(16), 1 + random.Next(3)));
        int layers = 2 + random.Next(3);
        for (int i = 0; i < layers;)
        {
            try
            {
                x = x.Apply(isImage ? OfImage(random) : OfSequence(random));
                i++;
            }
            catch (NetworkDefinitionException)
            {
                // These windows do not fit: others may.
                i += random.Next(8) == 0 ? 1 : 0;
            }
        }

        return random.Next(3) switch
        {
            0 => x.Softmax(),
            1 => x.Flatten().Dense(3),
            _ => x.Relu(),
        };
    }

    private static Layer OfImage(Random random)
    {
        Size2D window = (1 + random.Next(4), 1 + random.Next(4));
        Size2D stride = (1 + random.Next(3), 1 + random.Next(3));
        Size2D dilation = random.Next(2) == 0 ? 1 : (1 + random.Next(3), 1 + random.Next(3));
        Padding padding = random.Next(6) == 0 ? Padding.Same : new Padding(random.Next(5), random.Next(5), random.Next(5), random.Next(5));
        bool ceiling = random.Next(2) == 0;
        return random.Next(6) switch
        {
            0 => new MaxPool2D(window) { Stride = stride, Padding = padding, Dilation = dilation, Ceiling = ceiling },
            1 or 2 => new AvgPool2D(window)
            {
                Stride = stride,
                Padding = padding,
                Dilation = dilation,
                Ceiling = ceiling,
                CountIncludesPadding = random.Next(2) == 0,
            },
            3 => new LpPool2D(window) { Stride = stride, Padding = padding, Dilation = dilation, Ceiling = ceiling, P = 1 + random.Next(3) },
            4 => new Conv2D(1 + random.Next(4), window) { Stride = stride, Padding = padding, Dilation = dilation },
            _ => new ConvTranspose2D(1 + random.Next(4), window) { Stride = stride, Padding = padding, Dilation = dilation },
        };
    }

    private static Layer OfSequence(Random random)
    {
        int window = 1 + random.Next(4);
        int stride = 1 + random.Next(3);
        int dilation = 1 + random.Next(2);
        Padding1D padding = random.Next(6) == 0 ? Padding1D.Same : new Padding1D(random.Next(4), random.Next(4));
        bool ceiling = random.Next(2) == 0;
        return random.Next(3) switch
        {
            0 => new MaxPool1D(window) { Stride = stride, Padding = padding, Dilation = dilation, Ceiling = ceiling },
            1 => new AvgPool1D(window)
            {
                Stride = stride,
                Padding = padding,
                Dilation = dilation,
                Ceiling = ceiling,
                CountIncludesPadding = random.Next(2) == 0,
            },
            _ => new Conv1D(1 + random.Next(4), window) { Stride = stride, Padding = padding, Dilation = dilation },
        };
    }
}
