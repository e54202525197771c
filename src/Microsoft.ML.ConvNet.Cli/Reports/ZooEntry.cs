using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Reports;

/// <summary>An architecture in the list of all.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, in one line.</param>
/// <param name="Year">The year in which it was first published.</param>
/// <param name="Parameters">The weights and biases, for the classes that it was made for.</param>
/// <param name="MultiplyAdds">Multiplications with addition an image, in convolutions and products.</param>
/// <param name="Input">The images that it was made for: height x width x channels.</param>
/// <param name="SmallestInput">The smallest square images that it can be built for.</param>
/// <param name="Classes">The classes that it was made for.</param>
/// <param name="Top1">Published accuracy on ImageNet in percent, or null.</param>
/// <param name="Top5">The published share of images whose class is among the first five, in percent, or null.</param>
/// <param name="AccuracySource">Where these accuracies stand, or null.</param>
/// <param name="Paper">Where it comes from.</param>
internal sealed record ZooEntry(
    string Name,
    string Description,
    int? Year,
    long Parameters,
    long MultiplyAdds,
    string Input,
    string SmallestInput,
    int Classes,
    double? Top1,
    double? Top5,
    string? AccuracySource,
    string Paper)
{
    /// <summary>The entry of an architecture.</summary>
    public static ZooEntry Of(Architecture architecture)
    {
        NetworkSummary summary = architecture.Create(classes: architecture.Classes).Summary();
        return new ZooEntry(
            architecture.Name,
            architecture.Description,
            architecture.Year,
            summary.ParameterCount,
            summary.MultiplyAdds,
            architecture.DefaultInput.ToString(),
            architecture.MinimumInput.ToString(),
            architecture.Classes,
            architecture.ImageNetAccuracy?.Top1,
            architecture.ImageNetAccuracy?.Top5,
            architecture.ImageNetAccuracy?.Source,
            architecture.Paper);
    }
}
