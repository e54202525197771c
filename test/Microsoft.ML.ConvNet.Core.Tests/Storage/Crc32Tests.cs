using System.Text;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>The checksum of zip archives.</summary>
[TestClass]
public sealed class Crc32Tests
{
    [TestMethod]
    public void The_check_value_of_the_catalogue_of_checksums_comes_out()
    {
        Assert.AreEqual(0xCBF43926, Crc32.Of("123456789"u8));
        Assert.AreEqual(0u, Crc32.Of([]));
        Assert.AreEqual(0x414FA339u, Crc32.Of("The quick brown fox jumps over the lazy dog"u8));
    }

    [TestMethod]
    public void In_pieces_of_any_length_it_is_the_same()
    {
        byte[] text = Encoding.ASCII.GetBytes("The quick brown fox jumps over the lazy dog");
        for (int length = 1; length <= text.Length; length++)
        {
            Crc32 crc = default;
            for (int i = 0; i < text.Length; i += length)
            {
                crc.Append(text.AsSpan(i, Math.Min(length, text.Length - i)));
            }

            Assert.AreEqual(0x414FA339u, crc.Value);
        }
    }
}
