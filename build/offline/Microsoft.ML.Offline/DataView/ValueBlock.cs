#nullable disable
namespace Microsoft.ML.Data;

/// <summary>Values of one column of several rows, copied so that they outlive the cursor's next move.</summary>
internal abstract class ValueBlock
{
    /// <summary>A block for values of a column type's raw type.</summary>
    public static ValueBlock Create(Type rawType, int capacity)
    {
        if (rawType.IsGenericType && rawType.GetGenericTypeDefinition() == typeof(VBuffer<>))
        {
            return (ValueBlock)Activator.CreateInstance(
                typeof(VectorBlock<>).MakeGenericType(rawType.GetGenericArguments()[0]), capacity);
        }

        return (ValueBlock)Activator.CreateInstance(typeof(PlainBlock<>).MakeGenericType(rawType), capacity);
    }

    /// <summary>Copies the value that a getter of the column gives into <paramref name="slot"/>; grows where there is none.</summary>
    public abstract void Fill(Delegate getter, int slot);

    /// <summary>A getter of the value in the slot that <paramref name="current"/> names when it is called.</summary>
    public abstract Delegate GetterAt(Func<int> current);
}

/// <inheritdoc/>
internal class PlainBlock<T>(int capacity) : ValueBlock
{
    private T[] _values = new T[capacity];

    public override void Fill(Delegate getter, int slot)
    {
        if (slot >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(slot + 1, _values.Length * 2));
        }

        Clear(ref _values[slot]);
        ((ValueGetter<T>)getter)(ref _values[slot]);
    }

    public override Delegate GetterAt(Func<int> current) => (ValueGetter<T>)((ref T value) => Copy(in _values[current()], ref value));

    /// <summary>What was given out belongs to whom it was given: a reference must not be filled again.</summary>
    protected virtual void Clear(ref T value) => value = default;

    protected virtual void Copy(in T from, ref T to) => to = from;
}

/// <inheritdoc/>
internal sealed class VectorBlock<T>(int capacity) : PlainBlock<VBuffer<T>>(capacity)
{
    protected override void Clear(ref VBuffer<T> value)
    {
    }

    protected override void Copy(in VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to);
}
