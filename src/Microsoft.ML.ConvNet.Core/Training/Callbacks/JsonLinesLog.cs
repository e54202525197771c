using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Training.Callbacks;

/// <summary>
/// Writes how each epoch went as a JSON object on a line of its own (jsonlines.org); what was not measured is left out, and a number that is
/// not finite is a text. The file always has every epoch so far, also of a training that was resumed.
/// </summary>
/// <param name="path">The file; what is there is replaced.</param>
public sealed class JsonLinesLog(string path) : TrainingCallback
{
    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state, EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(state);
        AtomicFile.Write(path, stream =>
        {
            foreach (EpochMetrics past in state.History)
            {
                using (Utf8JsonWriter writer = new(stream))
                {
                    Write(writer, EpochRecord.Of(past));
                }

                stream.WriteByte((byte)'\n');
            }
        });
    }

    internal override void Check(TrainingOptions options, Network network, bool isValidated)
    {
        Setting.Require(!string.IsNullOrEmpty(path), "A log has a file. Received: none.");
        AtomicFile.RequireWritable(path);
    }

    private static void Write(Utf8JsonWriter writer, double?[] numbers)
    {
        writer.WriteStartObject();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] is not { } number)
            {
                continue;
            }

            if (double.IsFinite(number))
            {
                writer.WriteNumber(EpochRecord.Names[i], number);
            }
            else
            {
                writer.WriteString(EpochRecord.Names[i], number.ToString(CultureInfo.InvariantCulture));
            }
        }

        writer.WriteEndObject();
    }
}
