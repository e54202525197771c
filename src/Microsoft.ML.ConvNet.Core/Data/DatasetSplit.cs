using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>A set divided into samples to train with and samples to validate with.</summary>
/// <param name="Training">The samples to train with.</param>
/// <param name="Validation">The samples to validate with.</param>
public sealed record DatasetSplit(DatasetSubset Training, DatasetSubset Validation)
{
    /// <summary>
    /// Divides a set at random so that every class gives the same share of its samples to validation, as far as whole numbers allow;
    /// each class keeps at least one sample for training. The division is a function of the seed; samples keep their order.
    /// </summary>
    /// <param name="dataset">The set.</param>
    /// <param name="validationFraction">The share of the samples for validation, between 0 and 1.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The share is not between 0 and 1, or no class has two samples.</exception>
    public static DatasetSplit Stratified(ImageDataset dataset, double validationFraction, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!(validationFraction > 0 && validationFraction < 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The share of validation samples is between 0 and 1. Received: {validationFraction}."),
                nameof(validationFraction));
        }

        bool[] isValidation = new bool[dataset.Count];
        int taken = 0;
        double wanted = 0;
        List<int>[] classes = SamplesByClass(dataset);
        for (int label = 0; label < classes.Length; label++)
        {
            // What rounding denied the classes before is made good here, so that many small classes still give their share.
            int[] samples = [.. classes[label]];
            wanted += samples.Length * validationFraction;
            int quota = Math.Clamp((int)Math.Round(wanted) - taken, 0, Math.Max(0, samples.Length - 1));
            new RandomStream(seed, RandomPurpose.Splitting, (uint)label).Shuffle<int>(samples);
            foreach (int sample in samples.AsSpan(0, quota))
            {
                isValidation[sample] = true;
            }

            taken += quota;
        }

        if (taken == 0)
        {
            TakeOne(classes, isValidation, seed);
        }

        return new DatasetSplit(Where(dataset, isValidation, false), Where(dataset, isValidation, true));
    }

    // The last of the lists is that of the samples without a class.
    private static List<int>[] SamplesByClass(ImageDataset dataset)
    {
        List<int>[] classes = new List<int>[dataset.ClassCount + 1];
        for (int label = 0; label < classes.Length; label++)
        {
            classes[label] = [];
        }

        for (int i = 0; i < dataset.Count; i++)
        {
            int label = dataset.LabelOf(i);
            classes[label < 0 ? dataset.ClassCount : label].Add(i);
        }

        return classes;
    }

    private static void TakeOne(List<int>[] classes, bool[] isValidation, ulong seed)
    {
        List<int> largest = classes.MaxBy(samples => samples.Count)!;
        if (largest.Count < 2)
        {
            throw new ArgumentException(
                $"A set is divided where a class has at least two samples. Received: {isValidation.Length} samples, no two of a class.",
                nameof(classes));
        }

        RandomStream stream = new(seed, RandomPurpose.Splitting, uint.MaxValue);
        isValidation[largest[stream.NextIndex(largest.Count)]] = true;
    }

    private static DatasetSubset Where(ImageDataset dataset, bool[] isValidation, bool value) =>
        new(dataset, Enumerable.Range(0, isValidation.Length).Where(i => isValidation[i] == value));
}
