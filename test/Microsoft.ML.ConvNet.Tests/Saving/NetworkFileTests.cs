using System.IO.Compression;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tests.Rows;

namespace Microsoft.ML.ConvNet.Tests.Saving;

/// <summary>What the engine alone makes of a file that was written with ML.NET.</summary>
[TestClass]
public sealed class NetworkFileTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(false, DisplayName = "of the network alone")]
    [DataRow(true, DisplayName = "of a whole model")]
    public void A_file_scores_in_the_engine_alone_to_the_same_bits(bool isWhole)
    {
        using TemporaryFile file = new();
        BarRow[] rows = BarImages.Create(6);
        IDataView data = BarModels.Keyed(_context, rows);
        ConvNetTransformer trained = BarModels.Train(_context, options => options.Epoch = 1);
        if (isWhole)
        {
            _context.Model.Save(trained, data.Schema, file.Name);
        }
        else
        {
            trained.SaveNetwork(file.Name);
        }

        using NetworkFile loaded = NetworkFile.Load(file.Name);
        CollectionAssert.AreEqual(BarImages.Classes, loaded.ClassNames.ToArray());
        Assert.AreEqual(trained.Network, loaded.Network);
        Assert.IsFalse(loaded.IsBlueFirst);
        using InferenceModel model = new(loaded.Network, loaded.Weights);
        List<uint> bits = [];
        foreach (BarRow row in rows)
        {
            float[] pixels = [.. row.Features!];
            float[] scores = new float[3];
            loaded.Normalization.Apply(pixels);
            model.Predict(pixels, 1, scores);
            bits.AddRange(scores.Select(BitConverter.SingleToUInt32Bits));
        }

        CollectionAssert.AreEqual(BarModels.ScoreBits(trained.Transform(data)), bits);
    }

    [TestMethod]
    public void A_network_without_names_has_numbers_and_the_order_of_its_colours_is_told()
    {
        using TemporaryFile file = new();
        Network network = Network.Input(8, 8, 3).Flatten().Dense(3);
        using Weights weights = Weights.Initialize(network, 1);
        DataViewSchema.Builder schema = new();
        schema.AddColumn("Features", new Transforms.Image.ImageDataViewType(8, 8));
        ConvNetScoringEstimator.Options options = new()
        {
            Network = network,
            Weights = weights,
            ChannelOrder = ChannelOrder.Bgr,
            PixelOffsets = [1, 2, 3],
        };
        _context.Transforms.ConvNet(options).Fit(new UnreadableDataView(schema.ToSchema())).SaveNetwork(file.Name);
        using NetworkFile loaded = NetworkFile.Load(file.Name);
        Assert.IsTrue(loaded.IsBlueFirst);
        Assert.IsTrue(loaded.IsBackgroundWhite);
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, loaded.ClassNames.ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2, 3 }, loaded.Normalization.Offsets.ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 1, 1 }, loaded.Normalization.Scales.ToArray());
    }

    [TestMethod]
    public void A_file_that_is_none_is_an_error_that_names_it()
    {
        ErrorText.Is<FileNotFoundException>(() => NetworkFile.Load("no-such-model.zip").Dispose(), "no-such-model.zip");
        using TemporaryFile file = new();
        File.WriteAllText(file.Name, "no zip");
        ErrorText.Is<ModelFormatException>(() => NetworkFile.Load(file.Name).Dispose(), "zip archive", file.Name);
        File.Delete(file.Name);
        using (ZipArchive archive = ZipFile.Open(file.Name, ZipArchiveMode.Create))
        {
            archive.CreateEntry("network.json");
        }

        ErrorText.Is<ModelFormatException>(() => NetworkFile.Load(file.Name).Dispose(), "damaged: network.json");
    }
}
