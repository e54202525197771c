using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Writes how each epoch went as a line of a table: comma-separated values with a line of names, numbers with a decimal point, nothing where a
/// number was not measured. The file always has every epoch so far, also of a training that was resumed.
/// </summary>
/// <param name="path">The file; what is there is replaced.</param>
public sealed class CsvLog(string path) : TrainingCallback
{
    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(state);
        StringBuilder text = new(string.Join(',', EpochRecord.Names) + "\n");
        foreach (EpochMetrics past in state.History)
        {
            _ = text.AppendJoin(',', EpochRecord.Of(past).Select(number => number?.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    internal override void Check(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.Require(!string.IsNullOrEmpty(path), "A log has a file. Received: none.");
        AtomicFile.RequireWritable(path);
    }
}
