using System.Globalization;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Training.Checkpoints;

/// <summary>The checkpoints of one training in a folder, each named by the number of its step.</summary>
/// <param name="Path">The folder.</param>
internal sealed record CheckpointFolder(string Path)
{
    private const string Beginning = "step-";
    private const string Ending = ".checkpoint";

    /// <summary>The checkpoints that are there, the newest first.</summary>
    public IReadOnlyList<string> Newest() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateFiles(Path, $"{Beginning}*{Ending}")
            .Select(file => (File: file, Step: StepOf(file)))
            .Where(checkpoint => checkpoint.Step is not null)
            .OrderByDescending(checkpoint => checkpoint.Step)
            .Select(checkpoint => checkpoint.File),
    ];

    /// <summary>Makes sure that checkpoints can be written.</summary>
    /// <exception cref="IOException">The folder cannot be made, or takes no files.</exception>
    public void RequireWritable()
    {
        _ = Directory.CreateDirectory(Path);
        AtomicFile.RequireWritable(FileOf(0));
    }

    /// <summary>Writes a state, and removes the oldest files beyond those that are kept.</summary>
    /// <param name="state">The training.</param>
    /// <param name="fingerprint">What it is a function of.</param>
    /// <param name="kept">The number of files to keep, this one among them.</param>
    public void Write(TrainingState state, TrainingFingerprint fingerprint, int kept)
    {
        CheckpointFile.Write(FileOf(state.Step), state, fingerprint);
        foreach (string old in Newest().Skip(kept))
        {
            File.Delete(old);
        }
    }

    /// <summary>Reads the newest state that is whole.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="fingerprint">What the training is a function of.</param>
    /// <returns>The state; null where the folder has none.</returns>
    /// <exception cref="ModelFormatException">All are damaged; the message is about the newest.</exception>
    /// <exception cref="ArgumentException">The newest is one of another training.</exception>
    public TrainingState? ReadNewest(Network network, TrainingOptions options, TrainingFingerprint fingerprint)
    {
        ModelFormatException? first = null;
        foreach (string file in Newest())
        {
            try
            {
                TrainingState state = CheckpointFile.Read(file, network, options, fingerprint);
                if (first is not null)
                {
                    options.Warned?.Invoke($"{first.Message} The training goes on from \"{file}\", which is whole.");
                }

                return state;
            }
            catch (ModelFormatException exception)
            {
                first ??= exception;
            }
        }

        return first is null ? null : throw first;
    }

    private static long? StepOf(string file)
    {
        ReadOnlySpan<char> name = System.IO.Path.GetFileName(file.AsSpan());
        return long.TryParse(
            name[Beginning.Length..^Ending.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
    }

    private string FileOf(long step) =>
        System.IO.Path.Combine(Path, FormattableString.Invariant($"{Beginning}{step:D9}{Ending}"));
}
