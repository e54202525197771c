using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using static Microsoft.ML.ConvNet.Core.Tests.Storage.SafeTensorsFile;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>The types and shapes that safetensors files of others have, needed or not.</summary>
[TestClass]
public sealed class SafeTensorsTypesTests
{
    private static readonly Network Tiny = Network.Input([2]).Dense(1, useBias: false, name: "fc");

    public static IEnumerable<object[]> Types =>
    [
        ["BOOL", new byte[] { 0, 1, 7 }, new float[] { 0, 1, 1 }],
        ["U8", new byte[] { 0, 1, 255 }, new float[] { 0, 1, 255 }],
        ["I8", new byte[] { 0, 127, 128 }, new float[] { 0, 127, -128 }],
        ["U16", new byte[] { 1, 0, 0, 1, 255, 255 }, new float[] { 1, 256, 65535 }],
        ["I16", new byte[] { 1, 0, 0, 1, 255, 255 }, new float[] { 1, 256, -1 }],
        ["U32", new byte[] { 1, 0, 0, 0, 0, 1, 0, 0, 255, 255, 255, 255 }, new float[] { 1, 256, 4294967295 }],
        ["I32", new byte[] { 1, 0, 0, 0, 0, 1, 0, 0, 255, 255, 255, 255 }, new float[] { 1, 256, -1 }],
        ["U64", new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255 }, new float[] { 2, 18446744073709551615 }],
        ["I64", new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255 }, new float[] { 2, -1 }],

        // Values of the tables in "FP8 Formats for Deep Learning" (Micikevicius et al., 2022): largest, smallest normal, largest and
        // smallest subnormal, one, and the special ones.
        ["F8_E4M3", new byte[] { 0x7E, 0x08, 0x07, 0x01, 0x38, 0xB8, 0x00, 0x7F },
            new float[] { 448, 0.015625f, 0.013671875f, 0.001953125f, 1, -1, 0, float.NaN }],
        ["F8_E5M2", new byte[] { 0x7B, 0x04, 0x03, 0x01, 0x3C, 0xBC, 0x7C, 0x7D },
            new float[] { 57344, 6.103515625e-05f, 4.57763671875e-05f, 1.52587890625e-05f, 1, -1, float.PositiveInfinity, float.NaN }],
    ];

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Numbers_of_every_type_are_read_as_floats(string type, byte[] bytes, float[] expected)
    {
        byte[] file = Of($"{{\"a\":{Tensor($"{expected.Length}", 0, bytes.Length, type)}}}", bytes);
        using SafeTensorsContent content = SafeTensors.ReadTensors(new MemoryStream(file));
        CollectionAssert.AreEqual(expected, content.Tensors["a"].ToArray());
        Assert.IsEmpty(content.Others);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Tensors_that_are_empty_or_of_unknown_types_are_passed_over_where_they_are_not_needed(bool canSeek)
    {
        byte[] data = [1, 2, 3, 0, 0, 128, 63, 0, 0, 0, 64];
        string header = $"{{\"e\":{Tensor("0,3", 0, 0)},\"four\":{Tensor("6", 0, 3, "F4")},\"fc.weight\":{Tensor("1,2", 3, 11)},"
            + $"\"f\":{Tensor("4,0", 11, 11, "BOOL")}}}";
        byte[] file = Of(header, data);
        using SafeTensorsContent content = SafeTensors.ReadTensors(new LargeFile(file, file.Length, canSeek));
        CollectionAssert.AreEquivalent(new[] { "e", "four", "f" }, content.Others.ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 2 }, content.Tensors["fc.weight"].ToArray());
        using Weights weights = PyTorchWeights.Read(new LargeFile(file, file.Length, canSeek), Tiny, allowOthers: true);
        CollectionAssert.AreEqual(new float[] { 1, 2 }, weights["fc.weight"].ToArray());
        Refuse("also \"e\", \"four\", \"f\"", () => PyTorchWeights.Read(new MemoryStream(file), Tiny));
    }

    [TestMethod]
    public void Needed_tensors_may_be_whole_numbers_or_truth_values_and_what_cannot_be_read_is_named()
    {
        byte[] ints = Of($"{{\"fc.weight\":{Tensor("2,1", 0, 8, "I32")}}}", [3, 0, 0, 0, 255, 255, 255, 255]);
        using Weights weights = SafeTensors.Read(new MemoryStream(ints), Tiny);
        CollectionAssert.AreEqual(new float[] { 3, -1 }, weights["fc.weight"].ToArray());
        byte[] unknown = Of($"{{\"fc.weight\":{Tensor("2,1", 0, 1, "F4")}}}", [3]);
        Refuse("Tensor \"fc.weight\": the numbers of a tensor that is needed", () => SafeTensors.Read(new MemoryStream(unknown), Tiny));
        byte[] empty = Of($"{{\"fc.weight\":{Tensor("2,0", 0, 0)}}}");
        Refuse("has shape 2x1. Received: 2x0.", () => SafeTensors.Read(new MemoryStream(empty), Tiny));
    }

    [TestMethod]
    public void White_space_may_come_before_the_header()
    {
        byte[] file = Of($" \t\r\n{{\"a\":{Tensor("1", 0, 4)}}}  ", 0, 0, 128, 63);
        using SafeTensorsContent content = SafeTensors.ReadTensors(new MemoryStream(file));
        Assert.AreEqual(1f, content.Tensors["a"].Span[0]);
    }

    [TestMethod]
    public void Weights_that_would_be_refused_are_not_written()
    {
        using Weights weights = new(Tiny);
        weights["fc.weight"].Span[1] = float.NaN;
        foreach (Action<Stream> write in new Action<Stream>[]
        {
            stream => SafeTensors.Write(weights, stream), stream => PyTorchWeights.Write(weights, stream),
        })
        {
            using MemoryStream stream = new();
            ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => write(stream));
            StringAssert.Contains(error.Message, "The tensor \"fc.weight\" holds finite numbers. Received: NaN at element 1.");
            Assert.AreEqual(0L, stream.Length);
        }

        // Tensors that are not a network's weights may be anything, written or read.
        using Tensor tensor = new([2], [float.NaN, float.NegativeInfinity]);
        using MemoryStream any = new();
        SafeTensors.WriteTensors([new("a", tensor)], any);
        any.Position = 0;
        using SafeTensorsContent content = SafeTensors.ReadTensors(any);
        CollectionAssert.AreEqual(new[] { float.NaN, float.NegativeInfinity }, content.Tensors["a"].ToArray());
    }

    private static void Refuse(string message, Action read) =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(read).Message, message);
}
