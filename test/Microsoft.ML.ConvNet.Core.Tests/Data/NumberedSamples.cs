using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Samples of bytes from 0 to 255 that differ from each other; sample i is of class i mod 10.</summary>
/// <param name="count">The number of samples.</param>
/// <param name="side">The height and width of a sample.</param>
internal sealed class NumberedSamples(int count, int side = 4) : ImageDataset
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override Shape Shape { get; } = new(side, side, 1);

    /// <inheritdoc/>
    public override int ClassCount => 10;

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((71 * index) + (i * (index + 13)));
        }
    }

    /// <inheritdoc/>
    public override int LabelOf(int index) => index % ClassCount;
}
