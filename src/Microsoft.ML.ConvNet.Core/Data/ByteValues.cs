using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ConvNet.Data;

/// <summary>Pixels that are kept as bytes, as the floats 0 to 255.</summary>
internal static class ByteValues
{
    /// <summary>Makes floats of bytes, which may be the last quarter of the memory of these.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="values">Receives as many floats.</param>
    public static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ref byte from = ref MemoryMarshal.GetReference(bytes);
        ref float to = ref MemoryMarshal.GetReference(values[..bytes.Length]);
        nuint width = (nuint)Vector<float>.Count;
        int i = 0;
        for (; i <= bytes.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref from, (nuint)i), out Vector<ushort> lower, out Vector<ushort> upper);
            Vector.Widen(lower, out Vector<uint> first, out Vector<uint> second);
            Vector.Widen(upper, out Vector<uint> third, out Vector<uint> fourth);
            nuint place = (nuint)i;
            Vector.ConvertToSingle(Vector.AsVectorInt32(first)).StoreUnsafe(ref to, place);
            Vector.ConvertToSingle(Vector.AsVectorInt32(second)).StoreUnsafe(ref to, place + width);
            Vector.ConvertToSingle(Vector.AsVectorInt32(third)).StoreUnsafe(ref to, place + (2 * width));
            Vector.ConvertToSingle(Vector.AsVectorInt32(fourth)).StoreUnsafe(ref to, place + (3 * width));
        }

        for (; i < bytes.Length; i++)
        {
            values[i] = bytes[i];
        }
    }
}
