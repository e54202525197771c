using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Training;

/// <summary>Images of which one may be spoilt.</summary>
internal sealed class FaultyImages : ImageDataset
{
    /// <inheritdoc/>
    public override int Count => 12;

    /// <inheritdoc/>
    public override Shape Shape { get; } = new(6, 6, 1);

    /// <inheritdoc/>
    public override int ClassCount => 2;

    /// <summary>The sample that is spoilt.</summary>
    public int Spoilt { get; init; }

    /// <summary>What its pixel in row 1 and column 2 is.</summary>
    public float Pixel { get; init; }

    /// <summary>What its label is.</summary>
    public int Label { get; init; }

    /// <inheritdoc/>
    public override void ReadSample(int index, Span<float> pixels)
    {
        pixels.Fill(0.5f);
        pixels[8] = index == Spoilt ? Pixel : 0.5f;
    }

    /// <inheritdoc/>
    public override int LabelOf(int index) => index == Spoilt ? Label : index % 2;
}
