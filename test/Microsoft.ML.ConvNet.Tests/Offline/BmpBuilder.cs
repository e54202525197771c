#if MLNET_OFFLINE
using System.Buffers.Binary;

namespace Microsoft.ML.ConvNet.Tests.Offline;

/// <summary>Writes Windows bitmaps for tests: file header, 40-byte info header, masks, palette, rows.</summary>
internal static class BmpBuilder
{
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows; negative where the first row comes first.</param>
    /// <param name="bitCount">Bits a pixel.</param>
    /// <param name="rows">The rows with their padding, in the order of the file.</param>
    /// <param name="compression">0 for none, 3 for bit fields.</param>
    /// <param name="paletteLength">How many colours; colour i is red i, green 2 i, blue 3 i.</param>
    /// <param name="masks">Masks of red, green, blue and, in a longer header, alpha.</param>
    public static byte[] Build(
        int width, int height, short bitCount, byte[] rows, int compression = 0, int paletteLength = 0, params uint[] masks)
    {
        var info = new byte[40 + masks.Length * 4];
        BinaryPrimitives.WriteInt32LittleEndian(info, masks.Length == 4 ? info.Length : 40);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(4), width);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(8), height);
        BinaryPrimitives.WriteInt16LittleEndian(info.AsSpan(12), 1);
        BinaryPrimitives.WriteInt16LittleEndian(info.AsSpan(14), bitCount);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(16), compression);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(32), paletteLength);
        for (int i = 0; i < masks.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(40 + 4 * i), masks[i]);
        }

        byte[] palette = [.. Enumerable.Range(0, paletteLength).SelectMany(i => new[] { (byte)(3 * i), (byte)(2 * i), (byte)i, (byte)0 })];
        var header = new byte[14];
        header[0] = (byte)'B';
        header[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), 14 + info.Length + palette.Length);
        return [.. header, .. info, .. palette, .. rows];
    }
}
#endif
