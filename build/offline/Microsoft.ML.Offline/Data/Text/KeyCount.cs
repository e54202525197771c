#nullable disable
namespace Microsoft.ML.Data;

/// <summary>How many keys a column of a text file has.</summary>
public sealed class KeyCount
{
    public readonly ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        if (count == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(count), "The cardinality of valid key values has to be greater than or equal to 1");
        }

        Count = count;
    }
}
