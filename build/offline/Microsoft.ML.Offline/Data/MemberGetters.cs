#nullable disable
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Column values read from the members of objects.</summary>
internal static class MemberGetters
{
    /// <summary>A getter of the column of <paramref name="binding"/>, for the object that <paramref name="current"/> gives.</summary>
    public static Delegate Create<TRow>(RowBinding binding, Func<TRow> current)
    {
        Type member = binding.MemberType;
        if (member == typeof(string))
        {
            Func<TRow, string> read = binding.Reader<TRow, string>();
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = read(current()).AsMemory());
        }

        if (member == typeof(string[]))
        {
            return Texts(binding, current);
        }

        if (member.IsArray)
        {
            return Call<TRow>((Func<RowBinding, Func<TRow>, Delegate>)Items<TRow, int>, member.GetElementType(), binding, current);
        }

        if (binding.Type is VectorDataViewType vector)
        {
            return Call<TRow>((Func<RowBinding, Func<TRow>, Delegate>)Buffer<TRow, int>, vector.ItemType.RawType, binding, current);
        }

        return binding.Type is KeyDataViewType
            ? Call<TRow>((Func<RowBinding, Func<TRow>, Delegate>)Key<TRow, uint>, member, binding, current)
            : Call<TRow>((Func<RowBinding, Func<TRow>, Delegate>)Plain<TRow, int>, member, binding, current);
    }

    private static Delegate Call<TRow>(Delegate example, Type type, RowBinding binding, Func<TRow> current) =>
        GenericCall.Invoke<Delegate>(example, [typeof(TRow), type], binding, current);

    private static Delegate Plain<TRow, T>(RowBinding binding, Func<TRow> current)
    {
        Func<TRow, T> read = binding.Reader<TRow, T>();
        return (ValueGetter<T>)((ref T value) => value = read(current()));
    }

    private static Delegate Key<TRow, T>(RowBinding binding, Func<TRow> current)
        where T : struct, INumber<T>
    {
        if (typeof(T) == typeof(ushort))
        {
            throw new InvalidOperationException(
                $"Member '{binding.Member.Name}': keys are read from byte, uint and ulong members. Received: ushort");
        }

        Func<TRow, T> read = binding.Reader<TRow, T>();
        ulong count = binding.Type.GetKeyCount();
        return (ValueGetter<T>)((ref T value) =>
        {
            T held = read(current());
            value = ulong.CreateChecked(held) < count ? held + T.One : T.Zero;
        });
    }

    private static Delegate Buffer<TRow, T>(RowBinding binding, Func<TRow> current)
    {
        Func<TRow, VBuffer<T>> read = binding.Reader<TRow, VBuffer<T>>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => read(current()).CopyTo(ref value));
    }

    private static Delegate Items<TRow, T>(RowBinding binding, Func<TRow> current)
    {
        Func<TRow, T[]> read = binding.Reader<TRow, T[]>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            T[] items = read(current()) ?? [];
            VBuffer<T>.Copy(items, 0, ref value, items.Length);
        });
    }

    private static Delegate Texts<TRow>(RowBinding binding, Func<TRow> current)
    {
        Func<TRow, string[]> read = binding.Reader<TRow, string[]>();
        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string[] texts = read(current()) ?? [];
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, texts.Length);
            for (int i = 0; i < texts.Length; i++)
            {
                editor.Values[i] = texts[i].AsMemory();
            }

            value = editor.Commit();
        });
    }
}
