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
        int[] labels = [.. Enumerable.Range(0, dataset.Count).Select(dataset.LabelOf)];
        StratifiedDivision division = StratifiedDivision.Of(labels, validationFraction, seed);
        return new DatasetSplit(new DatasetSubset(dataset, division.Kept), new DatasetSubset(dataset, division.HeldOut));
    }

    /// <summary>
    /// Divides a set at random, whatever its samples' targets are; at least one sample is trained with, and one validated with. The division is a
    /// function of the seed; samples keep their order.
    /// </summary>
    /// <param name="dataset">The set.</param>
    /// <param name="validationFraction">The share of the samples for validation, between 0 and 1.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The share is not between 0 and 1, or there are fewer than two samples.</exception>
    public static DatasetSplit Random(ImageDataset dataset, double validationFraction, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        StratifiedDivision division = StratifiedDivision.Of(new int[dataset.Count], validationFraction, seed);
        return new DatasetSplit(new DatasetSubset(dataset, division.Kept), new DatasetSubset(dataset, division.HeldOut));
    }
}
