#nullable disable
using System.Numerics;

namespace Microsoft.ML.Data;

#pragma warning disable CA1036, CA2231 // ML.NET's row id has no operators, and the stand-in offers nothing that ML.NET does not
/// <summary>A 128-bit name of a row, that stays with the row through shuffling and filtering.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;
    public readonly ulong High;

    private const ulong Multiplier1 = 0x87c37b91114253d5;
    private const ulong Multiplier2 = 0x4cf5ad432745937f;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public int CompareTo(DataViewRowId other)
    {
        int order = High.CompareTo(other.High);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>The id of another row grown from this one (MurmurHash3 x64-128 of a one, A. Appleby, 2011).</summary>
    public DataViewRowId Fork()
    {
        DataViewRowId next = Next();
        return new DataViewRowId(next.Low ^ (BitOperations.RotateLeft(Multiplier1, 31) * Multiplier2), next.High);
    }

    /// <summary>The next of the ids grown from this one.</summary>
    public DataViewRowId Next() => Mix(0, 0);

    /// <summary>The id of a row made of two.</summary>
    public DataViewRowId Combine(DataViewRowId other)
    {
        DataViewRowId key = other.Fork();
        return Mix(
            BitOperations.RotateLeft(key.Low * Multiplier1, 31) * Multiplier2,
            BitOperations.RotateLeft(key.High * Multiplier2, 33) * Multiplier1);
    }

    private DataViewRowId Mix(ulong lowKey, ulong highKey)
    {
        ulong low = (BitOperations.RotateLeft(Low ^ lowKey, 27) + High) * 5 + 0x52dce729;
        ulong high = (BitOperations.RotateLeft(High ^ highKey, 31) + low) * 5 + 0x38495ab5;
        return new DataViewRowId(low, high);
    }
}
