using System.Buffers.Binary;

namespace Microsoft.ML.ConvNet.Storage;

/// <summary>
/// The checksum of zip archives: CRC-32 with the polynomial 0x04C11DB7, reflected (ISO 3309), eight bytes at a time (Kounavis and Berry, "A
/// systematic approach to building high performance, software-based, CRC generators", 2005).
/// </summary>
internal struct Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Tables = 8;
    private const int Bytes = 256;
    private static readonly uint[] Table = CreateTable();

    private uint _inverted;

    /// <summary>The checksum of what was appended so far.</summary>
    public readonly uint Value => _inverted;

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        Crc32 crc = default;
        crc.Append(bytes);
        return crc.Value;
    }

    /// <summary>Takes further bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint register = ~_inverted;
        while (bytes.Length >= Tables)
        {
            uint low = register ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            register = Table[(7 * Bytes) + (byte)low] ^ Table[(6 * Bytes) + (byte)(low >> 8)]
                ^ Table[(5 * Bytes) + (byte)(low >> 16)] ^ Table[(4 * Bytes) + (byte)(low >> 24)]
                ^ Table[(3 * Bytes) + (byte)high] ^ Table[(2 * Bytes) + (byte)(high >> 8)]
                ^ Table[Bytes + (byte)(high >> 16)] ^ Table[(byte)(high >> 24)];
            bytes = bytes[Tables..];
        }

        foreach (byte value in bytes)
        {
            register = (register >> 8) ^ Table[(byte)(register ^ value)];
        }

        _inverted = ~register;
    }

    // Row t has the checksum of a byte with t bytes of zero behind it.
    private static uint[] CreateTable()
    {
        uint[] table = new uint[Tables * Bytes];
        for (int i = 0; i < Bytes; i++)
        {
            uint register = (uint)i;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register >> 1) ^ ((register & 1) == 0 ? 0 : Polynomial);
            }

            table[i] = register;
        }

        for (int i = Bytes; i < table.Length; i++)
        {
            table[i] = (table[i - Bytes] >> 8) ^ table[(byte)table[i - Bytes]];
        }

        return table;
    }
}
