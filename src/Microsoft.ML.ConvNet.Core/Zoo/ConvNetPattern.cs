using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>
/// The pattern of most networks for images up to 2014, as courses put it:
/// INPUT -&gt; [[CONV -&gt; RELU]*N -&gt; POOL]*M -&gt; [FC -&gt; RELU]*L -&gt; FC.
/// </summary>
public static class ConvNetPattern
{
    /// <summary>
    /// Builds a network of the pattern: convolutions that keep the size, max pooling of 2x2, and softmax at its end. The two convolutions
    /// and one fully connected layer of <see cref="MnistConvNet"/> are <c>Create([28, 28, 1], 10, [32, 32], [500])</c>.
    /// </summary>
    /// <param name="input">The images, <c>[H, W, C]</c>.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="filters">The filters of the convolutions of each of the M stages.</param>
    /// <param name="units">The units of each of the L fully connected layers before the last.</param>
    /// <param name="convolutions">How many convolutions a stage has: N.</param>
    /// <param name="kernelSize">The height and width of their windows, an odd number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no convolution in a stage, or the window is even.</exception>
    /// <exception cref="NetworkDefinitionException">The image is too small for the poolings, or there is no class.</exception>
    public static Network Create(
        Shape input, int classes, IEnumerable<int> filters, IEnumerable<int> units, int convolutions = 1, int kernelSize = 3)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentNullException.ThrowIfNull(units);
        ArgumentOutOfRangeException.ThrowIfLessThan(convolutions, 1);
        if (kernelSize < 1 || kernelSize % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(kernelSize), Invariant($"A window that keeps the size has an odd height and width. Received: {kernelSize}."));
        }

        SymbolicTensor x = Network.Input(input);
        foreach (int count in filters)
        {
            for (int i = 0; i < convolutions; i++)
            {
                x = x.Conv(count, kernelSize, padding: kernelSize / 2).Relu();
            }

            x = x.MaxPool(2);
        }

        x = x.Flatten();
        foreach (int count in units)
        {
            x = x.Dense(count).Relu();
        }

        return x.Dense(classes, initialization: Initialization.GlorotUniform).Softmax().ToNetwork("convnet-pattern");
    }
}
