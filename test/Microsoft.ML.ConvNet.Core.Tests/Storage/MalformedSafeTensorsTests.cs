using System.Text;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Threading;
using static Microsoft.ML.ConvNet.Core.Tests.Storage.SafeTensorsFile;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

[TestClass]
public class MalformedSafeTensorsTests
{
    private static string One(string shape, long begin, long end, string type = "F32") => $"{{\"a\":{Tensor(shape, begin, end, type)}}}";

    public static IEnumerable<object[]> Files =>
    [
        ["nothing", Array.Empty<byte>(), "Received: 0 bytes in all."],
        ["a prefix cut short", new byte[7], "Received: 7 bytes in all."],
        ["a header longer than the file", WithLength(100, "{}"), "Received: a header of 100 bytes in a file of 10."],
        ["a header over the limit", WithLength(100_000_001, "{}"), "Received: a header of 100,000,001 bytes"],
        ["a header of the largest length", WithLength(ulong.MaxValue, "{}"), "Received: a header of 18,446,744,073,709,551,615 bytes"],
        ["no header", Of(""), "does not begin with {"],
        ["a list", Of("[]"), "does not begin with {"],
        ["nothing but blanks", Of("   "), "does not begin with {"],
        ["a blank that JSON does not know", Of("\u00A0{}"), "does not begin with {"],
        ["half an object", Of("{\"a\":"), "not JSON at byte"],
        ["two objects", Of("{} {}"), "not JSON at byte"],
        ["a name twice", Of($"{{\"a\":{Tensor("1", 0, 4)},\"a\":{Tensor("1", 4, 8)}}}", new byte[8]), "Tensor \"a\": the header names it once."],
        ["a tensor that is a number", Of("{\"a\":1}"), "Tensor \"a\": is an object with dtype, shape and data_offsets. Received: Number."],
        ["no dtype", Of("{\"a\":{\"shape\":[],\"data_offsets\":[0,4]}}", new byte[4]), "Received: no dtype."],
        ["no shape", Of("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", new byte[4]), "Received: no shape."],
        ["no offsets", Of("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}"), "Received: no data_offsets."],
        ["a field twice", Of("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"), "each once. Received: \"dtype\"."],
        ["an unknown field", Of("{\"a\":{\"strides\":[1]}}"), "Received: \"strides\"."],
        ["a dtype that is a number", Of("{\"a\":{\"dtype\":32}}"), "has a text as its dtype. Received: Number."],
        ["a shape that is a text", Of("{\"a\":{\"shape\":\"2\"}}"), "has a list of whole numbers as its shape. Received: String."],
        ["a dimension that is a fraction", Of("{\"a\":{\"shape\":[1.5]}}"), "its shape is a list of at most 32 whole numbers."],
        ["a negative dimension", Of(One("-1,-1", 0, 4), new byte[4]), "Received: shape [-1, -1]."],
        ["a product beyond 64 bits", Of(One("4294967296,4294967296", 0, 4), new byte[4]), "its elements at most 9223372036854775807"],
        ["a product beyond 64 bits of small factors", Of(One("65536,65536,65536,65536,65536", 0, 4), new byte[4]), "its elements at most"],
        ["too many dimensions", Of(One(string.Join(',', Enumerable.Repeat(1, 33)), 0, 4), new byte[4]), "at most 32 whole numbers"],
        ["one offset", Of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}"), "Received: [0]."],
        ["three offsets", Of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}"), "at most 2 whole numbers"],
        ["offsets in the wrong order", Of(One("1", 4, 0), new byte[4]), "are where it begins and where it ends. Received: [4, 0]."],
        ["a negative offset", Of(One("1", -4, 0), new byte[4]), "Received: [-4, 0]."],
        ["an offset beyond 64 bits", Of("{\"a\":{\"data_offsets\":[0,99999999999999999999]}}"), "at most 2 whole numbers"],
        ["a negative dimension beside an empty one", Of(One("-1,0", 0, 0)), "shape [-1, 0]"],
        ["an empty tensor with bytes", Of(One("0,3", 0, 4), new byte[4]), "shape [0, 3] of F32 takes 0 bytes"],
        ["fewer truth values than the shape has", Of(One("3", 0, 2, "BOOL"), new byte[2]), "shape [3] of BOOL takes 3 bytes"],
        ["fewer bytes than the shape takes", Of(One("3", 0, 8), new byte[8]), "shape [3] of F32 takes 12 bytes. Received: data_offsets [0, 8], 8 bytes."],
        ["more bytes than the shape takes", Of(One("1", 0, 8), new byte[8]), "takes 4 bytes"],
        ["a tensor beyond the file", Of(One("2", 0, 8), new byte[4]), "ends at byte 8 of the data. Received: a file with 4 bytes of data."],
        ["a hole before the first tensor", Of(One("1", 4, 8), new byte[8]), "Received: 4, which leaves a hole."],
        ["a hole between two", Of($"{{\"a\":{Tensor("1", 0, 4)},\"b\":{Tensor("1", 8, 12)}}}", new byte[12]), "Tensor \"b\": begins where"],
        ["an overlap", Of($"{{\"a\":{Tensor("2", 0, 8)},\"b\":{Tensor("1", 4, 8)}}}", new byte[8]), "which leaves an overlap."],
        ["bytes behind the last tensor", Of(One("1", 0, 4), new byte[5]), "Received: 1 bytes after the last tensor."],
        ["bytes without a tensor", Of("{}", new byte[3]), "Received: 3 bytes after the last tensor."],
        ["metadata that is a text", Of("{\"__metadata__\":\"x\"}"), "\"__metadata__\": is an object of texts. Received: String."],
        ["metadata with a number", Of("{\"__metadata__\":{\"x\":1}}"), "is an object of texts. Received: Number."],
        ["metadata with a key twice", Of("{\"__metadata__\":{\"x\":\"1\",\"x\":\"2\"}}"), "Received: \"x\" twice."],
        ["a name that is half a character", Of("{\"\\ud800\":1}"), "no character"],
        ["bytes that are no text", new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)':', (byte)'{', (byte)'}', (byte)'}' }, "eceived"],
    ];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void A_malformed_file_is_refused_in_one_line_that_says_what_was_received(string what, byte[] file, string message)
    {
        ModelFormatException exception =
            Assert.ThrowsExactly<ModelFormatException>(() => SafeTensors.ReadTensors(new MemoryStream(file)), what);
        StringAssert.Contains(exception.Message, message);
        Assert.IsFalse(exception.Message.Any(char.IsControl), exception.Message);
        using LargeFile archived = new(file, file.Length, canSeek: false);
        exception = Assert.ThrowsExactly<ModelFormatException>(() => SafeTensors.ReadTensors(archived), $"{what}, in an archive");
        Assert.IsFalse(exception.Message.Any(char.IsControl), exception.Message);
    }

    [TestMethod]
    public void A_name_of_any_length_and_with_line_breaks_makes_a_short_line()
    {
        byte[] file = Of($"{{\"{new string('x', 5000)}\":1}}");
        Assert.IsLessThan(300, Assert.ThrowsExactly<ModelFormatException>(() => SafeTensors.ReadTensors(new MemoryStream(file))).Message.Length);
        byte[] lines = Of("{\"a\\nb\":1}");
        string message = Assert.ThrowsExactly<ModelFormatException>(() => SafeTensors.ReadTensors(new MemoryStream(lines))).Message;
        Assert.IsFalse(message.Contains('\n', StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_file_that_lies_about_its_size_takes_no_memory()
    {
        byte[] header = WithLength(99_000_000, "{}");
        byte[] tensor = Of(One("536870911", 0, 2147483644), new byte[4]);
        Network large = Network.Input([30_000]).Dense(30_000);
        Read(header, null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(header, null);
        Read(tensor, null);
        Read(tensor, large);
        Assert.IsLessThan(100_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Random_damage_is_read_or_refused_but_nothing_else_and_takes_no_more_memory_than_the_file_justifies()
    {
        Network network = Network.Input(6, 6, 1).Conv(2, 3).BatchNorm().Flatten().Dense(3);
        using Weights weights = TestWeights.Create(network);
        using MemoryStream stream = new();
        SafeTensors.Write(weights, stream, new Dictionary<string, string> { ["epoch"] = "3" });
        byte[] whole = stream.ToArray();
        int headerEnd = Encoding.Latin1.GetString(whole).IndexOf("}}", StringComparison.Ordinal);
        int refused = 0;
        for (uint round = 0; round < 4000; round++)
        {
            RandomStream random = new(11, RandomPurpose.Synthesis, round);
            byte[] damaged = random.NextIndex(8) == 0 ? whole[..random.NextIndex(whole.Length)] : [.. whole];
            for (int flips = 1 + random.NextIndex(3); flips > 0 && damaged.Length > 0; flips--)
            {
                // Mostly in the header, where there is something to misread.
                int at = random.NextIndex(random.NextIndex(8) == 0 ? damaged.Length : Math.Min(damaged.Length, headerEnd + 8));
                damaged[at] ^= (byte)(1 << random.NextIndex(8));
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            refused += Read(damaged, network) + Read(damaged, null);
            Assert.IsLessThan(200_000 + (64 * whole.Length), GC.GetAllocatedBytesForCurrentThread() - before, $"round {round}");
        }

        Assert.IsTrue(refused > 4000, "Most damage is found.");
    }

    /// <summary>Reads a file as the weights of a network, or as tensors; gives 1 where it was refused as documented.</summary>
    private static int Read(byte[] file, Network? network)
    {
        try
        {
            using IDisposable read = network == null
                ? SafeTensors.ReadTensors(new MemoryStream(file))
                : SafeTensors.Read(new MemoryStream(file), network);
            return 0;
        }
        catch (ModelFormatException exception)
        {
            Assert.IsFalse(exception.Message.Any(char.IsControl), exception.Message);
            return 1;
        }
    }
}
