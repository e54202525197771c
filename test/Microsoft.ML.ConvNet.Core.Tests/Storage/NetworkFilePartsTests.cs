using System.IO.Compression;
using System.Text;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Tensors;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>The three parts of a trained network, wherever they are kept. Alone in the process, since its native memory is counted.</summary>
[TestClass]
[DoNotParallelize]
public sealed class NetworkFilePartsTests
{
    private const string Settings = """{"format":"Microsoft.ML.ConvNet.Transformer","version":1,"classCount":4,"pixelOffsets":[1],"pixelScales":[2]}""";
    private static readonly Network Small = Network.Input(6, 6, 2).Conv(3, 3).Relu().Flatten().Dense(4).Softmax();

    [TestMethod]
    [DataRow("")]
    [DataRow("  \n")]
    public void What_is_written_is_read_with_space_around_the_settings_too(string space)
    {
        Dictionary<string, byte[]> parts = Written(space + Settings + space);
        using NetworkFile file = Read(parts);
        Assert.AreEqual(Small, file.Network);
        string[] numbers = ["0", "1", "2", "3"];
        CollectionAssert.AreEqual(numbers, file.ClassNames.ToArray());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("Chain/Transform_000/")]
    [DataRow("Chain\\Transform_000\\")]
    public void An_archive_is_read_with_the_separators_of_any_machine(string place)
    {
        using ScratchFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["model"], ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] content) in Written(Settings))
            {
                using Stream stream = archive.CreateEntry(place + name).Open();
                stream.Write(content);
            }
        }

        using NetworkFile file = NetworkFile.Load(folder["model"]);
        Assert.AreEqual(Small, file.Network);
    }

    [TestMethod]
    [DataRow(",\"version\":3,\"imageBackground\":\"White\"", true)]
    [DataRow(",\"version\":3,\"imageBackground\":\"Black\"", false)]
    [DataRow(",\"version\":1", false)]
    public void Settings_say_on_what_transparent_pixels_lay(string fields, bool isWhite)
    {
        using NetworkFile file = Read(Written(Settings.Replace(",\"version\":1", fields, StringComparison.Ordinal)));
        Assert.AreEqual(isWhite, file.IsBackgroundWhite);
    }

    [TestMethod]
    public void A_background_that_is_not_known_is_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<ModelFormatException>(
            () => Read(Written(Settings.Replace("\"version\":1", "\"version\":3,\"imageBackground\":\"Plaid\"", StringComparison.Ordinal)))).Message,
        "Plaid");

    [TestMethod]
    [DataRow("{}")]
    [DataRow("[1]")]
    [DataRow("{\"a\":1} {\"b\":2}")]
    [DataRow("{\"a\":}")]
    public void Settings_that_are_no_object_with_fields_are_not_written(string settings) =>
        Assert.ThrowsExactly<ArgumentException>(() => Written(settings));

    [TestMethod]
    public void A_damaged_weight_is_refused_and_the_weights_are_freed_without_the_collectors_help()
    {
        Dictionary<string, byte[]> parts = Written(Settings);
        parts[NetworkFile.WeightsName][^2] ^= 1;
        NativeMemoryCount.FreeWhatIsLeft();
        long before = NativeBuffer.LiveBytes;
        ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(() => Read(parts));
        StringAssert.Contains(error.Message, "SHA-256");
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    public void Bytes_behind_the_weights_that_cannot_be_read_free_them_too()
    {
        Dictionary<string, byte[]> parts = Written(Settings);
        NativeMemoryCount.FreeWhatIsLeft();
        long before = NativeBuffer.LiveBytes;
        Assert.ThrowsExactly<ModelFormatException>(() => NetworkFile.Read((name, read) =>
        {
            read(new MemoryStream(parts[name]));
            return name == NetworkFile.WeightsName ? throw new InvalidDataException("the checksum is another") : true;
        }));
        Assert.AreEqual(before, NativeBuffer.LiveBytes);
    }

    [TestMethod]
    public void A_disk_that_fails_is_not_called_a_damaged_model() =>
        Assert.ThrowsExactly<IOException>(() => NetworkFile.Read((_, _) => throw new IOException("no such device")));

    [TestMethod]
    public void A_watched_stream_shows_what_is_passed_over()
    {
        List<byte> shown = [];
        using WatchedStream watched = new(new MemoryStream([1, 2, 3, 4, 5]), bytes => shown.AddRange(bytes.ToArray()));
        Assert.AreEqual(3, watched.Seek(3, SeekOrigin.Current));
        Assert.AreEqual(4, watched.ReadByte());
        byte[] expected = [1, 2, 3, 4];
        CollectionAssert.AreEqual(expected, shown);
        Assert.ThrowsExactly<NotSupportedException>(() => watched.Seek(0, SeekOrigin.Begin));
    }

    private static Dictionary<string, byte[]> Written(string settings)
    {
        Dictionary<string, byte[]> parts = [];
        using Weights weights = TestWeights.Create(Small);
        NetworkFile.Write(Small, weights, Encoding.UTF8.GetBytes(settings), (name, write) =>
        {
            using MemoryStream stream = new();
            write(stream);
            parts.Add(name, stream.ToArray());
        });
        return parts;
    }

    private static NetworkFile Read(Dictionary<string, byte[]> parts) => NetworkFile.Read((name, read) =>
    {
        read(new MemoryStream(parts[name]));
        return true;
    });
}
