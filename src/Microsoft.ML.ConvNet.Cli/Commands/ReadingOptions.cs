using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Data;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary>The options that say how the images of a training are read: what becomes of those that cannot be, and where they are kept.</summary>
internal sealed class ReadingOptions
{
    private const string SkipName = "--skip-unreadable";

    private readonly Option<long?> _budget = NumberOptions.LongInteger(
        "--cache-budget",
        0,
        long.MaxValue,
        "The most bytes of memory for decoded images; those beyond are kept in a temporary file (TMPDIR says where); by default "
        + FormattableString.Invariant($"{ConvNetTrainingOptions.UsualCacheBudget}."));

    private readonly Option<bool> _skip = new(SkipName)
    {
        Description = "Leave out image files that cannot be read, and say at the end how many and which; by default the first of them is an error.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_skip);
        command.Add(_budget);
    }

    /// <summary>The most bytes of memory for decoded images.</summary>
    public long Budget(ParseResult parsed) => parsed.GetValue(_budget) ?? ConvNetTrainingOptions.UsualCacheBudget;

    /// <summary>Notes the files that cannot be read, where they are to be left out; null where they are not.</summary>
    public UnreadableFiles? Unreadable(ParseResult parsed) => parsed.GetValue(_skip) ? new UnreadableFiles() : null;

    /// <summary>The images without those that cannot be read, where they are to be left out.</summary>
    /// <exception cref="CommandException">They are no files of their own.</exception>
    public static LabelledImages Without(LabelledImages images, UnreadableFiles? unreadable) => (images, unreadable) switch
    {
        (_, null) => images,
        (ImageFiles files, _) => files.Without(unreadable),
        _ => throw new CommandException($"{SkipName} is for image files, each of which can be left out. Received: {images.DescribeImages()} in one file."),
    };
}
