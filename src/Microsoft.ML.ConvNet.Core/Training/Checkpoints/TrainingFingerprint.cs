using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Callbacks;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Training.Checkpoints;

/// <summary>
/// What a training is a function of: a training that goes on from a checkpoint gives the bits of one that never stopped only where all of this
/// is the same. The number of epochs is not among it: more may be asked for, where the schedule has the same rates for the steps before.
/// </summary>
/// <param name="Parts">Each part by its name.</param>
/// <param name="StepsOfAnEpoch">The number of steps of an epoch.</param>
internal sealed record TrainingFingerprint(IReadOnlyList<(string Name, string Value)> Parts, int StepsOfAnEpoch)
{
    private const int HashedSamples = 64;

    /// <summary>The fingerprint of a training.</summary>
    /// <param name="network">The network.</param>
    /// <param name="training">The samples to train with.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="initial">The weights that it begins with; null for random ones.</param>
    public static TrainingFingerprint Of(Network network, ImageDataset training, TrainingOptions options, Weights? initial)
    {
        (string Name, string Value)[] parts = PartsOf(network, training, options, initial);
        string? twice = parts.GroupBy(part => part.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        Setting.Require(twice is null, $"{nameof(options.InitialWeightsOrigin)} has names that no other part of a training has. Received: {QuotedText.Plain(twice ?? string.Empty)}.");
        EpochBatches batches = new(training.Count, options.BatchSize, EpochBatches.NormalizesByBatch(network, options));
        return new TrainingFingerprint(parts, Rounding.DivideUp(batches.Count, options.AccumulatedBatches));
    }

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

    /// <summary>Throws where another number of epochs would have changed what the training did until now.</summary>
    /// <param name="written">The number of epochs that the training was to have.</param>
    /// <param name="state">Where it is.</param>
    /// <param name="options">How it is to go on.</param>
    /// <exception cref="ArgumentException">It would.</exception>
    public void RequireEpochs(int written, TrainingState state, TrainingOptions options)
    {
        Setting.Require(
            options.Epochs >= state.Epoch,
            string.Create(CultureInfo.InvariantCulture, $"A training that has completed {state.Epoch} epochs has no fewer. Received: {options.Epochs}."));
        for (long step = 0; step < state.Step && written != options.Epochs; step++)
        {
            int epoch = (int)(step / StepsOfAnEpoch);
            long stepsThen = (long)StepsOfAnEpoch * written;
            long stepsNow = (long)StepsOfAnEpoch * options.Epochs;
            float then = options.Schedule.FactorAt(epoch, step, stepsThen);
            float now = options.Schedule.FactorAt(epoch, step, stepsNow);
            Setting.Require(
                then.Equals(now) && options.Schedule.MomentumAt(step, stepsThen).Equals(options.Schedule.MomentumAt(step, stepsNow)),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The schedule {options.Schedule.GetType().Name} over {options.Epochs} epochs has other rates or momenta for the steps that were made than over {written}. ")
                + string.Create(CultureInfo.InvariantCulture, $"Received: {options.Epochs} epochs; go on with {written}, or train anew."));
        }
    }

    private static IEnumerable<(string Name, string Value)> OfInitial(TrainingOptions options, Weights? initial) => options.InitialWeightsOrigin.Count > 0
        ? options.InitialWeightsOrigin.Select(part => (part.Key, part.Value))
        : initial is null ? [] : [("initial weights", initial.ComputeHash())];

    private static (string Name, string Value)[] PartsOf(Network network, ImageDataset training, TrainingOptions options, Weights? initial) =>
    [
        ("network", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(NetworkJson.ToText(network))))),
        ("batch size", RecordText.Of(options.BatchSize)),
        ("batches of a step", RecordText.Of(options.AccumulatedBatches)),
        ("shuffling", RecordText.Of(options.Shuffle)),
        ("seed", RecordText.Of(options.Seed)),
        ("optimizer", RecordText.Of(options.Optimizer)),
        ("learning rate", RecordText.Of(options.LearningRate)),
        ("schedule", RecordText.Of(options.Schedule)),
        ("loss", string.Join(", ", options.HeadLosses.Select(RecordText.Of).Prepend(RecordText.Of(options.Loss)))),
        ("limit to the gradient", RecordText.Of(options.ClipGradientNorm)),
        ("limit to the gradient's elements", RecordText.Of(options.ClipGradientValue)),
        ("groups of parameters", string.Join(", ", options.Groups.Select(RecordText.Of))),
        ("callbacks", string.Join(", ", CallbackList.Of(options).Select(callback => callback.Effect).Where(effect => effect is not null))),
        ("plan options", RecordText.Of(options.PlanOptions)),
        ("augmentation", MixingText(options) + (training.AugmentationText.Length == 0 ? "none" : training.AugmentationText)),
        ("frozen layers", string.Join(", ", options.FrozenLayers.Distinct().Order(StringComparer.Ordinal))),

        .. OfInitial(options, initial),

        // Behind what the user says, which may be why these are others.
        ("training samples", OfSamples(training)),
        ("validation samples", options.ValidationSet is { } validation ? OfSamples(validation) : "none"),
    ];

    private static string MixingText(TrainingOptions options) => options.Mixup == 0 && options.CutMix == 0
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $"mixup {options.Mixup}, CutMix {options.CutMix}, ");

    /// <summary>The labels or target values of all samples, and the numbers of some, evenly spread.</summary>
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

        for (int i = 0; i < samples.Count && samples.IsWeighted; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(label, samples.WeightOf(i));
            hash.AppendData(label);
        }

        float[] values = new float[Math.Max(samples.Shape.ElementCount, samples.TargetLength)];
        for (int i = 0; i < samples.Count && samples.TargetLength > 0; i++)
        {
            samples.ReadTarget(i, values.AsSpan(0, samples.TargetLength));
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan(0, samples.TargetLength)));
        }

        for (long i = 0; i < Math.Min(samples.Count, HashedSamples); i++)
        {
            samples.ReadSample((int)(i * samples.Count / Math.Min(samples.Count, HashedSamples)), values.AsSpan(0, samples.Shape.ElementCount));
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan(0, samples.Shape.ElementCount)));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{samples.Count} of {samples.Shape} with {Math.Max(samples.ClassCount, samples.TargetLength)} targets, {Convert.ToHexString(hash.GetHashAndReset()[..8])}");
    }
}
