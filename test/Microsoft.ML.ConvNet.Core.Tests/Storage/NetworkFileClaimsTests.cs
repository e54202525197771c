using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>A small archive that claims to hold large weights is refused by what it claims, before there is memory for them.</summary>
[TestClass]
public sealed class NetworkFileClaimsTests
{
    private const int Classes = 1 << 28;

    /// <summary>Weights and biases of a dense layer from one number to 2^28: a gigabyte each.</summary>
    private static readonly Network Large = Network.Input(new Shape(1)).Dense(Classes, name: "fc");

    [TestMethod]
    public void Weights_of_another_shape_are_refused()
    {
        Network small = Network.Input(new Shape(1)).Dense(2, name: "fc");
        using Weights weights = new(small);
        using MemoryStream stream = new();
        SafeTensors.Write(weights, stream);
        StringAssert.Contains(ErrorOf(stream.ToArray()), "Tensor \"fc.weight\": the network's parameter has shape 1x268435456. Received: 1x2.");
    }

    [TestMethod]
    public void A_header_of_weights_that_are_not_there_is_refused_by_the_length_of_the_entry() => StringAssert.Contains(
        ErrorOf(Header()), "Tensor \"fc.weight\": ends at byte 1,073,741,824 of the data. Received: a file with 0 bytes of data.");

    [TestMethod]
    public void An_entry_longer_than_its_bytes_can_give_is_refused() => StringAssert.Contains(
        ErrorOf(Header(), archive =>
        {
            // The last entry of the archive's directory, whose length is at byte 24.
            int entry = archive.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
            BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(entry + 24), (2u << 30) + (uint)Header().Length);
        }),
        "give at most 1032 times as many. Received: a length of 2,147,483,");

    [TestMethod]
    public void Limits_are_those_that_are_given_and_a_file_beyond_them_is_not_called_damaged()
    {
        using ScratchFolder folder = new();
        Network network = Network.Input(4, 4, 1).Flatten().Dense(2).Softmax();
        using Weights weights = Weights.Initialize(network, 1);
        using (ZipArchive archive = ZipFile.Open(folder["model"], ZipArchiveMode.Create))
        {
            NetworkFile.Write(network, weights, Settings(2), (name, write) =>
            {
                using Stream stream = archive.CreateEntry(name).Open();
                write(stream);
            });
        }

        // An image of 16 numbers, and the two that the softmax reads and gives.
        NetworkLimits limits = new() { MostBytesOfActivations = 79 };
        string message = Assert.ThrowsExactly<ModelFormatException>(() => NetworkFile.Load(folder["model"], limits)).Message;
        StringAssert.Contains(message, "Received: 80 at layer");
        Assert.DoesNotContain("damaged", message);
        using NetworkFile file = NetworkFile.Load(folder["model"], limits with { MostBytesOfActivations = 80 });
        Assert.AreEqual(network, file.Network);
    }

    private static string ErrorOf(byte[] weights, Action<byte[]>? change = null)
    {
        using ScratchFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["model"], ZipArchiveMode.Create))
        {
            Add(archive, NetworkFile.NetworkName, Encoding.UTF8.GetBytes(NetworkJson.ToText(Large)));
            Add(archive, NetworkFile.SettingsName, Settings(Classes));
            Add(archive, NetworkFile.WeightsName, weights);
        }

        byte[] file = File.ReadAllBytes(folder["model"]);
        change?.Invoke(file);
        File.WriteAllBytes(folder["model"], file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.ThrowsExactly<ModelFormatException>(() => NetworkFile.Load(folder["model"])).Message;

        // Names of 268 million classes that there are no weights for, for instance.
        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        return message;
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write(content);
    }

    private static byte[] Settings(int classes) => Encoding.UTF8.GetBytes(
        "{\"format\":\"Microsoft.ML.ConvNet.Transformer\",\"version\":3,\"pixelOffsets\":[0],\"pixelScales\":[1],"
        + FormattableString.Invariant($"\"classCount\":{classes}}}"));

    /// <summary>The header of the weights of the large network, and nothing behind it.</summary>
    private static byte[] Header()
    {
        using MemoryStream stream = new();
        SafeTensors.WriteHeader(
            [.. Large.Parameters.Select(parameter => (parameter.Name, parameter.Shape, SafeTensorsElementType.F32))], stream, metadata: null);
        return stream.ToArray();
    }
}
