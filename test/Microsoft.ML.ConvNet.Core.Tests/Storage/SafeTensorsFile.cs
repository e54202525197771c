using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>Writes safetensors files by hand, right ones and wrong ones.</summary>
internal static class SafeTensorsFile
{
    /// <summary>A header and the bytes behind it.</summary>
    public static byte[] Of(string header, params byte[] data) => WithLength((ulong)Encoding.UTF8.GetByteCount(header), header, data);

    /// <summary>A header, what the file says its length is, and the bytes behind it.</summary>
    public static byte[] WithLength(ulong length, string header, params byte[] data)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        return [.. prefix, .. Encoding.UTF8.GetBytes(header), .. data];
    }

    /// <summary>The fields of a tensor in a header.</summary>
    public static string Tensor(string shape, long begin, long end, string type = "F32") =>
        FormattableString.Invariant($$"""{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{begin}},{{end}}]}""");
}
