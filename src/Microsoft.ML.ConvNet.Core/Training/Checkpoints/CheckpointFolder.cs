using System.Globalization;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Training.Checkpoints;

/// <summary>The checkpoints of one training in a folder, each named by the number of its step.</summary>
/// <param name="path">The folder.</param>
internal sealed class CheckpointFolder(string path)
{
    private const string Beginning = "step-";
    private const string Ending = ".checkpoint";
    private const string LockName = "lock";

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>The checkpoints that are there, the newest first.</summary>
    public IReadOnlyList<string> Newest() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateFiles(Path, $"{Beginning}*{Ending}")
            .Select(file => (File: file, Step: StepOf(file)))
            .Where(checkpoint => checkpoint.Step is not null)
            .OrderByDescending(checkpoint => checkpoint.Step)
            .Select(checkpoint => checkpoint.File),
    ];

    /// <summary>Makes sure that checkpoints can be written, and that nobody else does until what it gives is disposed of.</summary>
    /// <exception cref="IOException">The folder cannot be made, takes no files, or another training writes to it.</exception>
    public IDisposable Lock()
    {
        _ = Directory.CreateDirectory(Path);
        AtomicFile.RequireWritable(FileOf(0));
        try
        {
            // The system lets go of it where the process ends, however it does.
            return new FileStream(System.IO.Path.Combine(Path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"One training at a time saves its checkpoints to a folder. Received: \"{Path}\", which another one uses.", exception);
        }
    }

    /// <summary>Writes a state, and removes the oldest files beyond those that are kept.</summary>
    /// <param name="state">The training.</param>
    /// <param name="fingerprint">What it is a function of.</param>
    /// <param name="kept">The number of files to keep, this one among them.</param>
    public void Write(TrainingState state, TrainingFingerprint fingerprint, int kept)
    {
        CheckpointFile.Write(FileOf(state.Step), state, fingerprint);

        // Files of later steps are none that this training can count on: it began before them.
        foreach (string old in Newest().Where(file => StepOf(file) <= state.Step).Skip(kept))
        {
            try
            {
                File.Delete(old);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody looks at it; the next time may do.
            }
        }
    }

    /// <summary>Reads the newest state that is whole.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="fingerprint">What the training is a function of.</param>
    /// <returns>The state; null where the folder has none.</returns>
    /// <exception cref="ModelFormatException">All are damaged; the message is about the newest.</exception>
    /// <exception cref="ArgumentException">The newest is one of another training.</exception>
    /// <exception cref="NotSupportedException">The newest is of a newer version of this library.</exception>
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
