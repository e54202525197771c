using System.IO.Compression;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>Streams that may hold more than they should.</summary>
[TestClass]
public sealed class BoundedReadingTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(200_000)]
    public void A_stream_is_read_to_its_end_and_from_its_first_byte(int length)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        using MemoryStream source = new(content);
        using MemoryStream read = BoundedReading.ReadToEnd(source, length, "It has");
        Assert.AreEqual(0, read.Position);
        CollectionAssert.AreEqual(content, read.ToArray());
    }

    [TestMethod]
    public void One_byte_too_many_is_refused_whatever_the_stream_says()
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[1_000_001]);
        }

        compressed.Position = 0;
        using GZipStream source = new(compressed, CompressionMode.Decompress);
        ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(
            () => BoundedReading.ReadToEnd(source, 1_000_000, "A test has"));
        Assert.AreEqual("A test has at most 1,000,000 bytes. Received: more.", error.Message);
    }
}
