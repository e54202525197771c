using Microsoft.ML.ConvNet.Cli.Display;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>The images of a training.</summary>
/// <param name="All">All of them.</param>
/// <param name="Training">Those to train with.</param>
/// <param name="Validation">Those that are held out to choose the best epoch; null for none.</param>
/// <param name="Unreadable">Takes the files that cannot be read, where they are left out; null where the first of them is an error.</param>
internal sealed record TrainingImages(LabelledImages All, LabelledImages Training, LabelledImages? Validation, UnreadableFiles? Unreadable)
{
    /// <summary>How many there are, of what size and of how many classes, and how they are divided.</summary>
    public string Describe()
    {
        string parts = Validation == null
            ? "all to train"
            : $"{ProgressText.Number(Training.Count)} to train, {ProgressText.Number(Validation.Count)} to validate";
        return $"{ProgressText.Count(All.Count, "image")}, {All.DescribeImages()}, {ProgressText.Count(All.ClassNames.Count, "class", "classes")}; {parts}";
    }
}
