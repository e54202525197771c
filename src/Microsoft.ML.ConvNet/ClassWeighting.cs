using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet;

/// <summary>What the rows of each class count in a training: for classes of which some have far fewer rows than others.</summary>
public sealed class ClassWeighting
{
    private readonly Dictionary<string, float>? _byName;

    private ClassWeighting(Dictionary<string, float>? byName) => _byName = byName;

    /// <summary>
    /// All classes count alike, however many rows each has: a row of a class counts rows / (classes with rows x rows of the class), of the rows that
    /// are trained with.
    /// </summary>
    public static ClassWeighting Balanced { get; } = new(null);

    /// <summary>Weights of classes by their names; a class that is not among them has 1.</summary>
    /// <param name="weights">The weight of each, at least 0 and finite. A name is the label's value as a text, in the invariant culture.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite.</exception>
    public static ClassWeighting ByName(IReadOnlyDictionary<string, float> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        foreach ((string name, float weight) in weights)
        {
            if (weight is not (>= 0 and < float.PositiveInfinity))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The weight of a class is a finite number of at least 0. Received: {weight}, of \"{name}\"."), nameof(weights));
            }
        }

        return new ClassWeighting(new Dictionary<string, float>(weights, StringComparer.Ordinal));
    }

    /// <summary>Throws where a name is that of no class, or no class counts.</summary>
    internal void Check(ClassLabels labels)
    {
        if (_byName?.Keys.FirstOrDefault(name => !labels.Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw new ArgumentException(
                $"{nameof(ConvNetClassificationOptions.ClassWeights)} are those of classes: {NameList.Of(labels.Names)}. Received: \"{unknown}\".");
        }

        if (_byName is not null && Named(labels).All(weight => weight == 0))
        {
            throw new ArgumentException($"{nameof(ConvNetClassificationOptions.ClassWeights)} are not all 0. Received: 0 for each of {labels.Count} classes.");
        }
    }

    /// <summary>A training in whose loss classes have given weights.</summary>
    /// <param name="weighting">The weights; null where all classes count alike.</param>
    /// <param name="options">The training.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="training">The samples that are trained with.</param>
    /// <exception cref="ArgumentException">The loss is none of classes, or has weights.</exception>
    internal static TrainingOptions Apply(ClassWeighting? weighting, TrainingOptions options, ClassLabels labels, ImageDataset training) => weighting is null
        ? options
        : options with { Loss = weighting.In(options.Loss, labels, training) };

    private ClassLoss In(Loss loss, ClassLabels labels, ImageDataset training)
    {
        if (loss is not ClassLoss { ClassWeights: null } ofClasses)
        {
            throw new ArgumentException(
                $"{nameof(ConvNetClassificationOptions.ClassWeights)} are those of a loss of classes that has none. "
                + $"Received: the {loss.Name}{(loss is ClassLoss ? " with weights of its own" : string.Empty)}.");
        }

        return ofClasses with { ClassWeights = _byName is null ? ClassWeights.Balanced(Counts(labels, training)) : new ClassWeights([.. Named(labels)]) };
    }

    private static long[] Counts(ClassLabels labels, ImageDataset training)
    {
        long[] counts = new long[labels.Count];
        for (int i = 0; i < training.Count; i++)
        {
            counts[training.LabelOf(i)]++;
        }

        return counts;
    }

    private IEnumerable<float> Named(ClassLabels labels) => labels.Names.Select(name => _byName!.GetValueOrDefault(name, 1));
}
