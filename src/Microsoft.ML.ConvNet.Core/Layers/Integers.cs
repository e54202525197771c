using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>
/// A list of whole numbers, such as axes, positions or amounts of padding. Two lists are equal when their numbers are. It is written as
/// <c>[2, 0, 1]</c>; nothing given is the empty list.
/// </summary>
[CollectionBuilder(typeof(Integers), nameof(Create))]
public readonly struct Integers : IEquatable<Integers>, IEnumerable<int>
{
    private readonly ImmutableArray<int> _numbers;

    /// <summary>Makes a list.</summary>
    public Integers(params ReadOnlySpan<int> numbers)
    {
        _numbers = [.. numbers];
    }

    /// <summary>How many numbers there are.</summary>
    public int Count => _numbers.IsDefault ? 0 : _numbers.Length;

    /// <summary>The number at a place, counted from 0.</summary>
    public int this[int index] => _numbers[index];

    /// <summary>A list of the numbers of an array.</summary>
    public static implicit operator Integers(int[] numbers) => new(numbers);

    /// <summary>Makes a list from a collection expression.</summary>
    public static Integers Create(ReadOnlySpan<int> numbers) => new(numbers);

    /// <summary>A list of the numbers of an array.</summary>
    public static Integers FromInt32Array(int[] numbers) => new(numbers);

    /// <summary>Whether two lists have the same numbers.</summary>
    public static bool operator ==(Integers left, Integers right) => left.Equals(right);

    /// <summary>Whether two lists differ.</summary>
    public static bool operator !=(Integers left, Integers right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Integers other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Integers other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int number in AsSpan())
        {
            hash.Add(number);
        }

        return hash.ToHashCode();
    }

    /// <summary>The numbers.</summary>
    public ReadOnlySpan<int> AsSpan() => _numbers.IsDefault ? default : _numbers.AsSpan();

    /// <summary>The numbers in brackets: <c>[2, 0, 1]</c>; of a long list the first ones and how many there are.</summary>
    public override string ToString()
    {
        const int Most = 16;
        string[] shown = [.. this.Take(Most).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        string rest = Count > Most ? string.Create(CultureInfo.InvariantCulture, $", ... {Count} in all") : string.Empty;
        return $"[{string.Join(", ", shown)}{rest}]";
    }

    /// <summary>Enumerates the numbers.</summary>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_numbers.IsDefault ? [] : _numbers)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
