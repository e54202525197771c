using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

#pragma warning disable CA1812 // Instances are made by ML.NET.
namespace Microsoft.ML.ConvNet.Tests.Transfer;

internal sealed class PictureRow
{
    public byte[] File { get; set; } = [];

    public string Label { get; set; } = string.Empty;

    public int Number { get; set; }
}

internal sealed class FileColumn
{
    public byte[]? File { get; set; }
}

internal sealed class ImageColumn
{
    [ImageType(Pictures.Side, Pictures.Side)]
    public MLImage? Image { get; set; }
}
