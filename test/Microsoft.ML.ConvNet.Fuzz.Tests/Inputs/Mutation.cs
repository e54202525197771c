using System.Buffers.Binary;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;

/// <summary>Changes of bytes that know nothing of their format.</summary>
internal static class Mutation
{
    private const int MostChanges = 6;
    private const int LongestPiece = 64;

    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 7, 8, 16, 127, 128, 255, 256, 1024, 32767, 32768, 65535, 65536, 1 << 20, int.MaxValue, int.MinValue, uint.MaxValue,
        1L << 32, 1L << 40, long.MaxValue, long.MinValue,
    ];

    /// <summary>A number at which things go wrong.</summary>
    public static long EdgeNumber(Random random) => Edges[random.Next(Edges.Length)];

    /// <summary>A changed copy: one to six changes, each at a place of its own.</summary>
    public static byte[] Change(byte[] bytes, Random random)
    {
        List<byte> changed = [.. bytes];
        int changes = 1 + random.Next(MostChanges);
        for (int i = 0; i < changes; i++)
        {
            ChangeOnce(changed, random);
        }

        return [.. changed];
    }

    private static void ChangeOnce(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }

        int at = random.Next(bytes.Count);
        int length = Math.Min(1 + random.Next(LongestPiece), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                WriteEdge(bytes, at, random);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)));
                break;
            default:
                int other = random.Next(bytes.Count);
                (bytes[at], bytes[other]) = (bytes[other], bytes[at]);
                break;
        }
    }

    // Lengths, counts and offsets are whole numbers of 1, 2, 4 or 8 bytes of either order.
    private static void WriteEdge(List<byte> bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, EdgeNumber(random));
        int width = 1 << random.Next(4);
        if (random.Next(2) == 0)
        {
            number[..width].Reverse();
        }

        for (int i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
