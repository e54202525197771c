using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Training.Checkpoints;

/// <summary>
/// What a training is a function of: a training that goes on from a checkpoint gives the bits of one that never stopped only where all of this
/// is the same. The number of epochs is not among it: more may be asked for.
/// </summary>
/// <param name="Parts">Each part by its name.</param>
internal sealed record TrainingFingerprint(IReadOnlyList<(string Name, string Value)> Parts)
{
    /// <summary>The fingerprint of a training.</summary>
    public static TrainingFingerprint Of(Network network, ImageDataset training, TrainingOptions options) => new(
    [
        ("network", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(NetworkJson.ToText(network))))),
        ("training samples", OfSamples(training)),
        ("augmentation", training.EpochForms.Length == 0 ? "none" : training.EpochForms),
        ("validation samples", options.ValidationSet is { } validation ? OfSamples(validation) : "none"),
        ("batch size", RecordText.Of(options.BatchSize)),
        ("batches of a step", RecordText.Of(options.AccumulatedBatches)),
        ("shuffling", RecordText.Of(options.Shuffle)),
        ("seed", RecordText.Of(options.Seed)),
        ("optimizer", RecordText.Of(options.Optimizer)),
        ("learning rate", RecordText.Of(options.LearningRate)),
        ("schedule", RecordText.Of(options.Schedule)),
        ("loss", RecordText.Of(options.Loss)),
        ("limit to the gradient", RecordText.Of(options.ClipGradientNorm)),
        ("frozen layers", string.Join(", ", options.FrozenLayers.Distinct().Order(StringComparer.Ordinal))),
    ]);

    /// <summary>Throws where another training has another fingerprint.</summary>
    /// <param name="written">The fingerprint of the checkpoint.</param>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="ArgumentException">It has; the message names the first part that differs.</exception>
    public void RequireSame(IReadOnlyDictionary<string, string> written, string path)
    {
        foreach ((string name, string value) in Parts)
        {
            string other = written.TryGetValue(name, out string? found) ? found : "nothing";
            Setting.Require(
                other == value,
                $"The training of a checkpoint is gone on with as it began. Received: {QuotedText.Plain(value)} as {name}, where "
                + $"\"{path}\" has {QuotedText.Plain(other)}; train as then, or into another folder.");
        }
    }

    private static string OfSamples(ImageDataset samples)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> label = stackalloc byte[sizeof(int)];
        if (samples.TargetLength == 0)
        {
            for (int i = 0; i < samples.Count; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(label, samples.LabelOf(i));
                hash.AppendData(label);
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{samples.Count} of {samples.Shape} with {Math.Max(samples.ClassCount, samples.TargetLength)} targets, labels {Convert.ToHexString(hash.GetHashAndReset()[..8])}");
    }
}
