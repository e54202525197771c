namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Images divided into two parts with the same share of every class.</summary>
/// <param name="Training">The larger part.</param>
/// <param name="HeldOut">The smaller part, for validation or test.</param>
internal sealed record StratifiedSplit(LabelledImages Training, LabelledImages HeldOut)
{
    /// <summary>
    /// Divides images at random: of each class the fraction is held out, rounded, at least one image and never all. Both parts
    /// keep the order.
    /// </summary>
    /// <param name="images">The images; each class has at least two, or none.</param>
    /// <param name="fraction">The share that is held out, over 0 and under 1.</param>
    /// <param name="seed">The same seed divides the same way.</param>
    public static StratifiedSplit Create(LabelledImages images, double fraction, int seed)
    {
        Random random = new(seed);
        List<int> training = [];
        List<int> heldOut = [];
        foreach (IGrouping<int, int> sameClass in Enumerable.Range(0, images.Count).GroupBy(images.ClassOf).OrderBy(group => group.Key))
        {
            int[] shuffled = [.. sameClass];
            random.Shuffle(shuffled);
            int count = Math.Clamp((int)Math.Round(shuffled.Length * fraction), 1, shuffled.Length - 1);
            heldOut.AddRange(shuffled.AsSpan(0, count));
            training.AddRange(shuffled.AsSpan(count));
        }

        training.Sort();
        heldOut.Sort();
        return new StratifiedSplit(images.Subset(training), images.Subset(heldOut));
    }
}
