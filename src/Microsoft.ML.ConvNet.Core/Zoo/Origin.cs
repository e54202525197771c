using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Zoo;

/// <summary>Where architectures come from, and what they were made for.</summary>
/// <param name="Paper">Authors, title and year of publication.</param>
/// <param name="Year">The year in which it was first published, if it was.</param>
/// <param name="Input">The images, <c>[H, W, C]</c>.</param>
/// <param name="Classes">The number of classes.</param>
internal sealed record Origin(string Paper, int? Year, Shape Input, int Classes)
{
    /// <summary>A network for ImageNet: 1000 classes, images of 224x224x3.</summary>
    public static Origin OfImageNet(string paper, int year) => new(paper, year, [224, 224, 3], 1000);

    /// <summary>A network for CIFAR-10: 10 classes, images of 32x32x3.</summary>
    public static Origin OfCifar10(string paper, int year) => new(paper, year, [32, 32, 3], 10);
}
