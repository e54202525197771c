using System.Globalization;
using System.Text.Json;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Training.Checkpoints;

/// <summary>How far a training is and how it went, as JSON: all of its state but the numbers that have a file of their own.</summary>
internal static class TrainingProgressJson
{
    private const string Owner = "progress";

    /// <summary>Writes the fields of an object.</summary>
    public static void Write(Utf8JsonWriter writer, TrainingState state)
    {
        writer.WriteStartObject();
        writer.WriteNumber("epochs", state.Epochs);
        writer.WriteNumber("epoch", state.Epoch);
        writer.WriteNumber("batch", state.Batch);
        writer.WriteNumber("step", state.Step);
        writer.WriteNumber("optimizerStep", state.OptimizerState.Step);
        WriteReal(writer, "lossSum", state.Metrics.LossSum);
        writer.WriteNumber("found", state.Metrics.Correct);
        writer.WriteNumber("counted", state.Metrics.Count);
        WriteReal(writer, "stepLoss", state.StepLoss);
        WriteReal(writer, "learningRate", state.LearningRate);
        WriteReal(writer, "learningRateFactor", state.LearningRateFactor);
        writer.WriteNumber("bestEpoch", state.BestEpoch?.Epoch ?? 0);
        if (state.StopReason is { } reason)
        {
            writer.WriteString("stopReason", reason);
        }

        writer.WriteStartArray("history");
        foreach (EpochMetrics epoch in state.History)
        {
            writer.WriteStartObject();
            WriteReal(writer, "loss", epoch.Loss);
            WriteReal(writer, "accuracy", epoch.Accuracy);
            WriteReal(writer, "validationLoss", epoch.ValidationLoss);
            WriteReal(writer, "validationAccuracy", epoch.ValidationAccuracy);
            WriteReal(writer, "learningRate", epoch.LearningRate);
            writer.WriteNumber("ticks", epoch.Duration.Ticks);
            WriteReal(writer, "imagesPerSecond", epoch.ImagesPerSecond);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Puts what was written into a state.</summary>
    /// <returns>The number of epochs that the training was to have.</returns>
    /// <exception cref="ModelFormatException">Something is missing or impossible.</exception>
    public static int Read(JsonElement element, TrainingState state)
    {
        JsonFields fields = JsonFields.Of(element, Owner);
        int epochs = (int)Whole(fields, "epochs", int.MaxValue);
        int epoch = (int)Whole(fields, "epoch", int.MaxValue);
        int number = 0;
        foreach (JsonElement past in fields.Take("history", JsonValueKind.Array, "a list").EnumerateArray())
        {
            state.Complete(ReadEpoch(past, ++number));
        }

        ModelFormatException.Require(
            number == epoch,
            string.Create(CultureInfo.InvariantCulture, $"{Owner}: \"history\" has every completed epoch. Received: {number} of {epoch}."));
        state.Batch = (int)Whole(fields, "batch", int.MaxValue);
        state.Step = Whole(fields, "step", long.MaxValue);
        state.OptimizerState.Step = Whole(fields, "optimizerStep", long.MaxValue);
        state.Metrics = RunningMetrics.Of(
            Real(fields, "lossSum") ?? 0, Whole(fields, "found", long.MaxValue), Whole(fields, "counted", long.MaxValue));
        state.StepLoss = Real(fields, "stepLoss") ?? double.NaN;
        state.LearningRate = (float)(Real(fields, "learningRate") ?? 0);
        state.LearningRateFactor = (float)(Real(fields, "learningRateFactor") ?? 1);
        int best = (int)Whole(fields, "bestEpoch", epoch);
        state.BestEpoch = best == 0 ? null : state.History[best - 1];
        if (fields.TryTake("stopReason", JsonValueKind.String, "a text") is { } reason)
        {
            string text = reason.GetString()!;
            state.Stop(text.Length > 0 ? text : "A callback ended it.");
        }

        fields.RequireEmpty();
        return epochs;
    }

    private static EpochMetrics ReadEpoch(JsonElement element, int number)
    {
        JsonFields fields = JsonFields.Of(element, string.Create(CultureInfo.InvariantCulture, $"{Owner}: epoch {number}"));
        EpochMetrics epoch = new(
            number,
            Real(fields, "loss") ?? 0,
            Real(fields, "accuracy"),
            Real(fields, "validationLoss"),
            Real(fields, "validationAccuracy"),
            (float)(Real(fields, "learningRate") ?? 0),
            TimeSpan.FromTicks(Whole(fields, "ticks", long.MaxValue)),
            Real(fields, "imagesPerSecond") ?? 0);
        fields.RequireEmpty();
        return epoch;
    }

    // Numbers that are not finite are texts, since JSON has none.
    private static void WriteReal(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is not { } number)
        {
            return;
        }

        if (double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static double? Real(JsonFields fields, string name)
    {
        if (!fields.Values.Remove(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out double number) => number,
            JsonValueKind.String when double.TryParse(
                value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
            _ => throw new ModelFormatException($"{fields.Owner}: \"{name}\" is a number. Received: {JsonFields.Received(value)}."),
        };
    }

    private static long Whole(JsonFields fields, string name, long most)
    {
        JsonElement value = fields.Take(name, JsonValueKind.Number, "a whole number");
        return value.TryGetInt64(out long number) && number >= 0 && number <= most
            ? number
            : throw new ModelFormatException(string.Create(
                CultureInfo.InvariantCulture, $"{fields.Owner}: \"{name}\" is from 0 to {most}. Received: {JsonFields.Received(value)}."));
    }
}
