#nullable disable
using System.Collections;

namespace Microsoft.ML.Data;

#pragma warning disable CA1010 // ML.NET's vector enumerates its stored values without a type
/// <summary>A vector value, dense or sparse; sparse indices are ascending.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    public readonly int Length;

    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public VBuffer(int length, T[] values, int[] indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (count < 0 || count > length)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"Must be from 0 to {length}. Received: {count}");
        }

        if ((values?.Length ?? 0) < count)
        {
            throw new ArgumentOutOfRangeException(nameof(values), $"Must hold at least {count} values. Received: {values?.Length ?? 0}");
        }

        if (count < length && (indices?.Length ?? 0) < count)
        {
            throw new ArgumentOutOfRangeException(nameof(indices), $"Must hold at least {count} indices. Received: {indices?.Length ?? 0}");
        }

        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        if ((uint)sourceIndex > (uint)Length || (uint)length > (uint)(Length - sourceIndex))
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), $"Elements {sourceIndex} to {sourceIndex + length} are not within a vector of size {Length}.");
        }

        int first = IsDense ? sourceIndex : LowerBound(sourceIndex);
        int last = IsDense ? sourceIndex + length : LowerBound(sourceIndex + length);
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, last - first);
        _values.AsSpan(first, last - first).CopyTo(editor.Values);
        for (int i = 0; i < editor.Indices.Length; i++)
        {
            editor.Indices[i] = (IsDense ? first + i : _indices[first + i]) - sourceIndex;
        }

        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
        {
            throw new ArgumentOutOfRangeException(nameof(destination), "Not large enough to hold these values.");
        }

        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(_count == 0 ? default : defaultValue);
        for (int i = 0; i < _count; i++)
        {
            target[_indices[i]] = _values[i];
        }
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false) =>
        all || IsDense ? DenseItems() : ExplicitItems();

    public IEnumerable<T> DenseValues() => DenseItems().Select(item => item.Value);

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        if ((uint)index >= (uint)Length)
        {
            throw new ArgumentOutOfRangeException(nameof(index), $"Must be from 0 to {Length - 1}. Received: {index}");
        }

        if (IsDense)
        {
            return _values[index];
        }

        int at = LowerBound(index);
        return at < _count && _indices[at] == index ? _values[at] : default;
    }

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    internal VBufferEditor<T> Edit(
        int length, int count, int? capacityLimit, bool keepOldOnResize, bool requireIndicesOnDense)
    {
        T[] values = _values;
        int[] indices = _indices;
        bool newValues = EnsureLength(ref values, count, capacityLimit, keepOldOnResize);
        bool wantsIndices = count < length || requireIndicesOnDense;
        bool newIndices = wantsIndices && EnsureLength(ref indices, count, capacityLimit, keepOldOnResize);
        return new VBufferEditor<T>(length, count, values, indices, wantsIndices, newValues, newIndices);
    }

    internal VBufferEditor<T> Edit() => Edit(Length, _count, null, keepOldOnResize: true, requireIndicesOnDense: false);

    private static bool EnsureLength<TItem>(ref TItem[] array, int needed, int? limit, bool keep)
    {
        int have = array?.Length ?? 0;
        if (array is not null && have >= needed)
        {
            return false;
        }

        int grown = have == 0 ? needed : (int)Math.Min(limit ?? Array.MaxLength, Math.Max(needed, have + (have / 2L)));
        var larger = new TItem[Math.Max(needed, grown)];
        if (keep && have > 0)
        {
            array.CopyTo(larger, 0);
        }

        array = larger;
        return true;
    }

    private int LowerBound(int index)
    {
        int at = _count == 0 ? 0 : Array.BinarySearch(_indices, 0, _count, index);
        return at < 0 ? ~at : at;
    }

    private IEnumerable<KeyValuePair<int, T>> ExplicitItems()
    {
        for (int i = 0; i < _count; i++)
        {
            yield return new KeyValuePair<int, T>(_indices[i], _values[i]);
        }
    }

    private IEnumerable<KeyValuePair<int, T>> DenseItems()
    {
        for (int i = 0, at = 0; i < Length; i++)
        {
            bool present = IsDense || (at < _count && _indices[at] == i);
            yield return new KeyValuePair<int, T>(i, present ? _values[at++] : default);
        }
    }
}
