using System.Globalization;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Training.Losses;

/// <summary>What the samples of each class count in a loss: a list of numbers, compared by their values.</summary>
public sealed class ClassWeights : IEquatable<ClassWeights>
{
    private readonly float[] _values;

    /// <summary>Takes the weights.</summary>
    /// <param name="values">The weight of each class, at least 0 and not all 0, in the order of the outputs.</param>
    public ClassWeights(params IReadOnlyList<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = [.. values];
    }

    /// <summary>The weight of each class.</summary>
    public IReadOnlyList<float> Values => _values;

    /// <summary>
    /// Weights by which all classes count alike, however many samples each has: samples / (classes with samples x samples of the class), 0 for a
    /// class without samples.
    /// </summary>
    /// <param name="counts">The number of samples of each class.</param>
    /// <exception cref="ArgumentException">A number is less than 0, or all are 0.</exception>
    public static ClassWeights Balanced(params IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        Setting.Require(
            counts.All(count => count >= 0) && counts.Any(count => count > 0),
            $"Class weights are balanced by numbers of samples, not all 0. Received: {string.Join(" ", counts.Select(count => Invariant($"{count}")))}.");
        double share = (double)counts.Sum() / counts.Count(count => count > 0);
        return new ClassWeights([.. counts.Select(count => count == 0 ? 0 : (float)(share / count))]);
    }

    /// <inheritdoc/>
    public bool Equals(ClassWeights? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_values.Length, HashCode.Combine);

    /// <summary>The weights, divided by spaces.</summary>
    public override string ToString() => string.Join(' ', _values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Throws where they are no weights, or not one an output.</summary>
    internal void Check(int outputs)
    {
        Setting.Require(
            _values.All(value => value is >= 0 and < float.PositiveInfinity) && _values.Any(value => value > 0),
            $"Class weights are at least 0, and not all 0. Received: {this}.");
        Setting.Require(
            _values.Length == outputs, Invariant($"There is a class weight for each of the {outputs} outputs. Received: {_values.Length}."));
    }
}
