using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Saving;

/// <summary>The streams of a network whose weights are given: the same bytes as when the format was made, and open to other tools.</summary>
[TestClass]
public sealed class ModelStreamTests
{
    private static readonly byte[] Settings =
        """
        {"format":"Microsoft.ML.ConvNet.Transformer","version":1,"featureColumn":"Features","featureType":{"item":"Single","dimensions":[1,2,2]},"scoreColumn":"Score","predictedLabelColumn":"PredictedLabel","labelColumn":"Label","imageLayout":"ChannelsFirst","pixelOffsets":[0.1],"pixelScales":[0.003921569],"labelKeyType":"UInt32","classCount":2,"labelValueType":"Text","labelValues":["cat","dog"]}
        """u8.ToArray();

    [TestMethod]
    public void The_streams_are_the_same_bytes_as_when_the_format_was_made_and_the_settings_end_with_hashes_of_all()
    {
        using TemporaryFile file = new();
        Save(file.Name);
        string begin = $"{Encoding.UTF8.GetString(Settings)[..^1]},\"networkSha256\":\"{StreamHashes.Network}\",\"weightsSha256\":\"{StreamHashes.Weights}\"";
        string own = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(begin)));
        Assert.AreEqual(
            $"{begin},\"settingsSha256\":\"{own}\"}}", Encoding.UTF8.GetString(ZipEntries.Read(file.Name, "settings.json")));
        Assert.AreEqual(StreamHashes.Network, Convert.ToHexString(SHA256.HashData(ZipEntries.Read(file.Name, "network.json"))));
        Assert.AreEqual(StreamHashes.Weights, Convert.ToHexString(SHA256.HashData(ZipEntries.Read(file.Name, "weights.safetensors"))));
    }

    [TestMethod]
    public void The_weights_are_a_safetensors_file()
    {
        using TemporaryFile file = new();
        Save(file.Name);
        byte[] content = ZipEntries.Read(file.Name, "weights.safetensors");
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        using JsonDocument header = JsonDocument.Parse(content.AsMemory(8, headerLength));
        JsonElement weight = header.RootElement.GetProperty("output.weight");
        Assert.AreEqual("F32", weight.GetProperty("dtype").GetString());
        CollectionAssert.AreEqual(new[] { 4, 2 }, weight.GetProperty("shape").EnumerateArray().Select(item => item.GetInt32()).ToArray());
        int begin = weight.GetProperty("data_offsets")[0].GetInt32();
        for (int i = 0; i < 8; i++)
        {
            Assert.AreEqual(i / 8f, BinaryPrimitives.ReadSingleLittleEndian(content.AsSpan(8 + headerLength + begin + (4 * i))));
        }
    }

    [TestMethod]
    public void The_network_is_a_definition_that_Core_reads()
    {
        using TemporaryFile file = new();
        Save(file.Name);
        Network network = NetworkJson.Parse(Encoding.UTF8.GetString(ZipEntries.Read(file.Name, "network.json")));
        Assert.AreEqual(Definition(), network);
    }

    private static Network Definition() => Network.Input(2, 2, 1).Flatten(name: "flat").Dense(2, name: "output").Softmax(name: "probabilities");

    private static void Save(string path)
    {
        MLContext context = new(seed: 1);
        Network network = Definition();
        Weights weights = new(network);
        for (int i = 0; i < 8; i++)
        {
            weights["output.weight"].Span[i] = i / 8f;
        }

        weights["output.bias"].Span[0] = -0.5f;
        weights["output.bias"].Span[1] = 0.5f;
        ClassLabels labels = new(new KeyDataViewType(typeof(uint), 2), LabelValueType.Find("Text"), ["cat", "dog"]);
        PixelNormalization normalization = new([0.1f], [1f / 255]);
        ConvNetModelParameters parameters = new(network, weights, normalization, ImageLayout.ChannelsFirst, new MulticlassTask(labels))
        {
            ImageBackground = ImageBackground.Black,
        };
        VectorDataViewType type = new(NumberDataViewType.Single, 1, 2, 2);
        ConvNetTransformer transformer = new(context, parameters, new ScoringColumns("Features", "Score", "PredictedLabel"), "Label", type);
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Features", type);
        context.Model.Save(transformer, builder.ToSchema(), path);
    }
}
