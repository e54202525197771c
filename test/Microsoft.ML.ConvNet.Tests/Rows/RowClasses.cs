using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

#pragma warning disable CA1812 // Instances are made by ML.NET.
namespace Microsoft.ML.ConvNet.Tests.Rows;

internal sealed class BarRow
{
    [VectorType(BarImages.Side, BarImages.Side, 1)]
    public float[]? Features { get; set; }

    public string Label { get; set; } = string.Empty;

    public int Number { get; set; }
}

/// <summary>A label that is a key already: members from 0 stand for keys from 1.</summary>
internal sealed class KeyRow
{
    [VectorType(BarImages.Side, BarImages.Side, 1)]
    public float[]? Features { get; set; }

    [KeyType(3)]
    public uint Label { get; set; }
}

/// <summary>A label that is a key of bytes.</summary>
internal sealed class ByteKeyRow
{
    [VectorType(BarImages.Side, BarImages.Side, 1)]
    public float[]? Features { get; set; }

    [KeyType(3)]
    public byte Label { get; set; }
}

internal sealed class FlatRow
{
    [VectorType(BarImages.Side * BarImages.Side)]
    public float[]? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class FlatColourRow
{
    [VectorType(108)]
    public float[]? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class PlanarColourRow
{
    [VectorType(3, 6, 6)]
    public float[]? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class InterleavedColourRow
{
    [VectorType(6, 6, 3)]
    public float[]? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class ByteColourRow
{
    [VectorType(6, 6, 3)]
    public byte[]? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class PlanarByteColourRow
{
    [VectorType(3, 6, 6)]
    public byte[]? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class SparseColourRow
{
    [VectorType(3, 6, 6)]
    public VBuffer<float> Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class ImageColourRow
{
    [ImageType(6, 6)]
    public MLImage? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class ImageRow
{
    [ImageType(BarImages.Side, BarImages.Side)]
    public MLImage? Features { get; set; }

    public string Label { get; set; } = string.Empty;
}

internal sealed class CubeRow
{
    [VectorType(3, 3, 3)]
    public float[]? Features { get; set; }

    [KeyType(2)]
    public uint Label { get; set; }
}

internal sealed class NumberLabelRow
{
    [VectorType(BarImages.Side, BarImages.Side, 1)]
    public float[]? Features { get; set; }

    public float Label { get; set; }
}

internal sealed class BarPrediction
{
    public float[] Score { get; set; } = [];

    public string PredictedLabel { get; set; } = string.Empty;
}
