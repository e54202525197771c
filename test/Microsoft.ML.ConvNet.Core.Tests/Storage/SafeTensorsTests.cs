using System.IO.Compression;
using System.Text;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

[TestClass]
public class SafeTensorsTests
{
    private static readonly Network Tiny = Network.Input([2]).Dense(1);

    [TestMethod]
    public void The_bytes_of_a_small_file_are_those_of_the_format()
    {
        using Weights weights = new(Tiny);
        weights["fc1.weight"].Span[0] = 1;
        weights["fc1.weight"].Span[1] = -2;
        weights["fc1.bias"].Span[0] = 0.5f;
        using MemoryStream stream = new();
        SafeTensors.Write(weights, stream, new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });

        // 160 bytes of header, a multiple of eight; then 1, -2 and 0.5 as little-endian floats.
        byte[] header = Encoding.UTF8.GetBytes(
            """{"__metadata__":{"a":"1","b":"2"},"fc1.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"fc1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""");
        int padded = (header.Length + 7) / 8 * 8;
        byte[] expected =
        [
            (byte)padded, 0, 0, 0, 0, 0, 0, 0,
            .. header,
            .. Enumerable.Repeat((byte)' ', padded - header.Length),
            0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x00, 0x3F,
        ];
        CollectionAssert.AreEqual(expected, stream.ToArray());
    }

    [TestMethod]
    public void Halves_are_written_of_what_is_multiplied_and_read_as_the_nearest()
    {
        Network network = Network.Input([3]).Dense(2, name: "first").Dense(1, name: "last");
        using Weights weights = new(network);
        new float[] { 1.0009765f, -0.333333f, 65504, 6e-8f, 0.1f, -2 }.CopyTo(weights["first.weight"].Span);
        new float[] { 0.333333f, 1e-9f }.CopyTo(weights["first.bias"].Span);
        new float[] { 65505, 0.333333f }.CopyTo(weights["last.weight"].Span);
        using MemoryStream stream = new();
        SafeTensors.Write(weights, stream, storage: WeightStorage.Half);
        using MemoryStream plain = new();
        SafeTensors.Write(weights, plain);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        StringAssert.Contains(text, "\"first.weight\":{\"dtype\":\"F16\",\"shape\":[3,2],\"data_offsets\":[0,12]}");
        StringAssert.Contains(text, "\"first.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]}");
        StringAssert.Contains(text, "\"last.weight\":{\"dtype\":\"F32\"", "out of a half's range");
        Assert.AreEqual(12, plain.Length - stream.Length);
        stream.Position = 0;
        using Weights read = SafeTensors.Read(stream, network);

        // 2^-10 is the step of halves from 1 to 2, 2^-12 that from 1/4 to 1/2, and 2^-24 the least of all.
        CollectionAssert.AreEqual(
            new float[] { 1 + (1f / 1024), -1365f / 4096, 65504, 1f / (1 << 24), 1638f / 16384, -2 }, read["first.weight"].Span.ToArray());
        CollectionAssert.AreEqual(weights["first.bias"].Span.ToArray(), read["first.bias"].Span.ToArray());
        CollectionAssert.AreEqual(weights["last.weight"].Span.ToArray(), read["last.weight"].Span.ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SafeTensors.Write(weights, stream, storage: (WeightStorage)7));
    }

    [TestMethod]
    public void Weights_survive_bit_for_bit()
    {
        Network network = Network.Input(9, 9, 2).Conv(4, 3).BatchNorm().Relu().Flatten().Dense(5);
        using Weights weights = TestWeights.Create(network);
        weights["fc1.bias"].Span[0] = -0f;
        weights["fc1.bias"].Span[1] = float.MinValue;
        weights["fc1.bias"].Span[2] = float.Epsilon;
        using Weights read = SafeTensors.Read(new MemoryStream(Write(weights)), network);
        foreach (string name in weights.Names)
        {
            Closeness.AssertSameBits(weights[name].Span, read[name].Span, name);
        }
    }

    [TestMethod]
    [DataRow("fc1.bias", float.NaN, "holds finite numbers. Received: NaN at element 2.")]
    [DataRow("fc1.weight", float.PositiveInfinity, "holds finite numbers. Received: Infinity at element 2.")]
    [DataRow("bn1.running_var", -0.5f, "holds finite numbers of at least 0. Received: -0.5 at element 2.")]
    public void Numbers_that_would_spoil_every_score_are_refused(string name, float value, string text)
    {
        Network network = Network.Input(9, 9, 2).Conv(4, 3).BatchNorm().Relu().Flatten().Dense(5);
        using Weights weights = TestWeights.Create(network);
        weights[name].Span[2] = value;
        using MemoryStream file = new();
        SafeTensors.WriteTensors([.. weights.Names.Select(parameter => KeyValuePair.Create(parameter, weights[parameter]))], file);
        file.Position = 0;
        ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(() => SafeTensors.Read(file, network));
        Assert.AreEqual($"The tensor \"{name}\" {text}", error.Message);
    }

    [TestMethod]
    public void A_file_may_be_read_from_an_archive_that_cannot_seek()
    {
        using Weights weights = TestWeights.Create(Tiny);
        using MemoryStream archive = new();
        using (ZipArchive zip = new(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("weights.safetensors").Open();
            SafeTensors.Write(weights, entry);
        }

        using ZipArchive reopened = new(archive, ZipArchiveMode.Read);
        using Stream stream = reopened.Entries[0].Open();
        Assert.IsFalse(stream.CanSeek);
        using Weights read = SafeTensors.Read(stream, Tiny);
        Closeness.AssertSameBits(weights["fc1.weight"].Span, read["fc1.weight"].Span, "weight");
    }

    [TestMethod]
    public void A_file_may_begin_within_a_stream()
    {
        using Weights weights = TestWeights.Create(Tiny);
        using MemoryStream stream = new([1, 2, 3, .. Write(weights)]) { Position = 3 };
        using Weights read = SafeTensors.Read(stream, Tiny);
        Closeness.AssertSameBits(weights["fc1.weight"].Span, read["fc1.weight"].Span, "weight");
        Assert.AreEqual(stream.Length, stream.Position);
    }

    [TestMethod]
    public void Halves_brain_floats_and_doubles_are_read_as_floats()
    {
        // 1.5 and -2 in each form; the order in the header is not that of the data.
        string header = "{" + string.Join(
            ',',
            $"\"d\":{SafeTensorsFile.Tensor("2", 8, 24, "F64")}",
            $"\"h\":{SafeTensorsFile.Tensor("2", 0, 4, "F16")}",
            $"\"b\":{SafeTensorsFile.Tensor("1,2", 4, 8, "BF16")}",
            $"\"s\":{SafeTensorsFile.Tensor("", 24, 28)}") + "}";
        byte[] file = SafeTensorsFile.Of(
            header,
            [
                0x00, 0x3E, 0x00, 0xC0,
                0xC0, 0x3F, 0x00, 0xC0,
                0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0x00, 0xC0,
                0, 0, 0xC0, 0x3F,
            ]);
        using SafeTensorsContent content = SafeTensors.ReadTensors(new MemoryStream(file));
        foreach (string name in new[] { "h", "b", "d" })
        {
            CollectionAssert.AreEqual(new[] { 1.5f, -2f }, content.Tensors[name].Span.ToArray(), name);
        }

        Assert.AreEqual(new Shape(1, 2), content.Tensors["b"].Shape);
        Assert.AreEqual(0, content.Tensors["s"].Shape.Rank);
        Assert.AreEqual(1.5f, content.Tensors["s"].Span[0]);
    }

    [TestMethod]
    public void Named_tensors_and_metadata_survive_in_their_order()
    {
        using Tensor first = new([2, 2], [1, 2, 3, 4]);
        using Tensor second = new([3], [5, 6, 7]);
        using MemoryStream stream = new();
        SafeTensors.WriteTensors(
            [new("z", first), new("a \"quoted\" näme", second)], stream, new Dictionary<string, string> { ["step"] = "12" });
        stream.Position = 0;
        using SafeTensorsContent content = SafeTensors.ReadTensors(stream);
        CollectionAssert.AreEqual(new[] { "z", "a \"quoted\" näme" }, content.Tensors.Keys.ToArray());
        CollectionAssert.AreEqual(new float[] { 5, 6, 7 }, content.Tensors["a \"quoted\" näme"].Span.ToArray());
        Assert.AreEqual("12", content.Metadata["step"]);
    }

    [TestMethod]
    public void Names_that_the_format_cannot_hold_are_refused()
    {
        using Tensor tensor = new([1]);
        Assert.ThrowsExactly<ArgumentException>(() => SafeTensors.WriteTensors([new("a", tensor), new("a", tensor)], Stream.Null));
        Assert.ThrowsExactly<ArgumentException>(() => SafeTensors.WriteTensors([new("__metadata__", tensor)], Stream.Null));
    }

    [TestMethod]
    public void A_file_of_no_tensors_is_one()
    {
        using SafeTensorsContent content = SafeTensors.ReadTensors(new MemoryStream(SafeTensorsFile.Of("{}")));
        Assert.IsEmpty(content.Tensors);
    }

    [TestMethod]
    public void Weights_of_another_network_are_refused_tensor_by_tensor()
    {
        using Weights weights = new(Tiny);
        byte[] file = Write(weights);
        AssertRefused(Network.Input([3]).Dense(1), "Tensor \"fc1.weight\": the network's parameter has shape 3x1. Received: 2x1.");
        AssertRefused(
            Network.Input([2]).Dense(1, useBias: false),
            "The file has a tensor for each of the network's 1 parameters, and no other. Received: also \"fc1.bias\".");
        AssertRefused(
            Network.Input([2]).Dense(1).Dense(1),
            "The file has a tensor for each of the network's 4 parameters. "
            + "Received: no \"fc2.weight\", \"fc2.bias\"; 2 tensors, \"fc1.weight\", \"fc1.bias\".");

        void AssertRefused(Network network, string message) => Assert.AreEqual(
            message, Assert.ThrowsExactly<ModelFormatException>(() => SafeTensors.Read(new MemoryStream(file), network)).Message);
    }

    [TestMethod]
    public void A_stream_that_ends_before_its_length_is_refused()
    {
        using Weights weights = new(Tiny);
        byte[] file = Write(weights);
        ModelFormatException exception = Assert.ThrowsExactly<ModelFormatException>(
            () => SafeTensors.Read(new LyingStream(file[..^5], file.Length), Tiny));
        StringAssert.Contains(exception.Message, "Received: an earlier end.");
    }

    private static byte[] Write(Weights weights)
    {
        using MemoryStream stream = new();
        SafeTensors.Write(weights, stream);
        return stream.ToArray();
    }

    private sealed class LyingStream(byte[] bytes, long length) : MemoryStream(bytes)
    {
        public override long Length => length;
    }
}
