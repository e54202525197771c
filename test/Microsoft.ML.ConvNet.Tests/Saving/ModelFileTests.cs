using System.IO.Compression;
using System.Text;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tests.Columns;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Saving;

[TestClass]
public sealed class ModelFileTests
{

    [TestMethod]
    public void Weights_may_be_written_as_halves_which_a_loaded_model_writes_again()
    {
        MLContext context = new(seed: 1);
        ConvNetTransformer model = BarModels.Train(context, options => options.WeightStorage = WeightStorage.Half);
        IDataView rows = BarModels.Keyed(context, BarImages.Create(60));
        using TemporaryFile halves = new();
        using TemporaryFile again = new();
        using TemporaryFile singles = new();
        context.Model.Save(model, rows.Schema, halves.Name);
        ConvNetTransformer loaded = (ConvNetTransformer)context.Model.Load(halves.Name, out _);
        Assert.AreEqual(WeightStorage.Half, loaded.WeightStorage);
        context.Model.Save(loaded, rows.Schema, again.Name);
        CollectionAssert.AreEqual(BarModels.WeightBits(loaded), BarModels.WeightBits((ConvNetTransformer)context.Model.Load(again.Name, out _)));
        model.WeightStorage = WeightStorage.Full;
        model.SaveNetwork(singles.Name);
        model.WeightStorage = WeightStorage.Half;
        model.SaveNetwork(again.Name);
        using ZipArchive smaller = ZipFile.OpenRead(again.Name);
        using ZipArchive larger = ZipFile.OpenRead(singles.Name);
        long saved = larger.GetEntry("weights.safetensors")!.Length - smaller.GetEntry("weights.safetensors")!.Length;
        Assert.AreEqual(2L * ((3 * 3 * 6) + (54 * 3)), saved, "two bytes of each weight that is multiplied");
        float[] exact = [.. model.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score)];
        float[] rounded = [.. loaded.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score)];
        Assert.IsLessThan(0.01, exact.Zip(rounded, (one, other) => Math.Abs(one - other)).Max());
        CollectionAssert.AreNotEqual(exact, rounded);
    }

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_model_that_was_saved_and_loaded_scores_to_the_same_bits()
    {
        using TemporaryFile file = new();
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(30));
        _context.Model.Save(model, data.Schema, file.Name);
        ITransformer loaded = new MLContext().Model.Load(file.Name, out DataViewSchema schema);
        Assert.AreEqual(data.Schema.Count, schema.Count);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(loaded.Transform(data)));
        CollectionAssert.AreEqual(
            model.Transform(data).GetColumn<uint>("PredictedLabel").ToArray(), loaded.Transform(data).GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void Names_of_classes_and_slots_and_the_settings_survive_a_reload()
    {
        using TemporaryFile file = new();
        ConvNetTransformer model = BarModels.Train(_context, options => options.ImageLayout = ImageLayout.ChannelsLast);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(3));
        ConvNetTransformer loaded = SaveAndLoad(model, data.Schema, file.Name);
        LabelTests.AssertAnnotations(loaded.GetOutputSchema(data.Schema));
        CollectionAssert.AreEqual(model.ClassNames.ToArray(), loaded.ClassNames.ToArray());
        CollectionAssert.AreEqual(model.Model.PixelOffsets.ToArray(), loaded.Model.PixelOffsets.ToArray());
        CollectionAssert.AreEqual(model.Model.PixelScales.ToArray(), loaded.Model.PixelScales.ToArray());
        Assert.AreEqual(model.Network, loaded.Network);
        Assert.AreEqual(ImageLayout.ChannelsLast, loaded.Model.ImageLayout);
        Assert.AreEqual(model.FeatureColumnType, loaded.FeatureColumnType);
        Assert.AreEqual("Features", loaded.FeatureColumnName);
        Assert.AreEqual("Label", loaded.LabelColumnName);
        Assert.AreEqual("Score", loaded.ScoreColumnName);
        Assert.AreEqual("PredictedLabel", loaded.PredictedLabelColumnName);
    }

    [TestMethod]
    public void A_loaded_model_can_be_saved_and_loaded_again()
    {
        using TemporaryFile first = new();
        using TemporaryFile second = new();
        IDataView data = BarModels.Keyed(_context, BarImages.Create(9));
        ConvNetTransformer model = BarModels.Train(_context);
        ConvNetTransformer twice = SaveAndLoad(SaveAndLoad(model, data.Schema, first.Name), data.Schema, second.Name);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(twice.Transform(data)));
        foreach (string name in new[] { "network.json", "weights.safetensors", "settings.json" })
        {
            CollectionAssert.AreEqual(ZipEntries.Read(first.Name, name), ZipEntries.Read(second.Name, name), name);
        }
    }

    [TestMethod]
    public void A_chain_of_transformers_is_saved_with_the_network_in_it()
    {
        using TemporaryFile file = new();
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(60));
        var model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.ConvNet("Probabilities", "Features", "Label", BarModels.Network, epoch: 2))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        _context.Model.Save(model, data.Schema, file.Name);
        ITransformer loaded = new MLContext().Model.Load(file.Name, out _);
        CollectionAssert.AreEqual(
            BarModels.ScoreBits(model.Transform(data), "Probabilities"), BarModels.ScoreBits(loaded.Transform(data), "Probabilities"));
        string[] expected = [.. model.Transform(data).GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Select(text => text.ToString())];
        string[] actual = [.. loaded.Transform(data).GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Select(text => text.ToString())];
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void A_model_without_the_pipeline_scores_in_another_pipeline()
    {
        using TemporaryFile file = new();
        ConvNetTransformer model = BarModels.Train(_context);
        model.SaveNetwork(file.Name);
        IDataView data = _context.Transforms.CopyColumns("Pixels", "Features").Fit(BarModels.Keyed(_context, BarImages.Create(12)))
            .Transform(BarModels.Keyed(_context, BarImages.Create(12)));
        ConvNetScoringEstimator estimator = _context.Transforms.ConvNet("Probabilities", "Pixels", file.Name);
        ConvNetTransformer scoring = estimator.Fit(data);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(scoring.Transform(data), "Probabilities"));
        SchemaShape shape = estimator.GetOutputSchema(SchemaShapes.Of(data.Schema));
        Assert.IsTrue(shape.Single(column => column.Name == "PredictedLabel").IsKey);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.Transforms.ConvNet("Probabilities", "Missing", file.Name).GetOutputSchema(SchemaShapes.Of(data.Schema)), "\"Missing\"");
        ErrorText.Is<ArgumentOutOfRangeException>(() => _context.Transforms.ConvNet("Score", "Missing", file.Name).Fit(data), "\"Missing\"");
    }

    [TestMethod]
    public void A_write_that_fails_leaves_the_file_that_was_there()
    {
        string folder = Directory.CreateTempSubdirectory("convnet-").FullName;
        try
        {
            string path = Path.Combine(folder, "m.zip");
            ConvNetTransformer model = BarModels.Train(_context, options => options.Epoch = 1);
            model.SaveNetwork(path);
            byte[] before = File.ReadAllBytes(path);
            model.Weights.Dispose();
            Assert.ThrowsExactly<ObjectDisposedException>(() => model.SaveNetwork(path));
            CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
            CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(folder), "nothing temporary is left");

            BarModels.Train(_context, options => options.Epoch = 2).SaveNetwork(path);
            CollectionAssert.AreNotEqual(before, File.ReadAllBytes(path), "a write that succeeds replaces it");
            CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(folder));
            string nowhere = Path.Combine(folder, "none", "m.zip");
            ErrorText.Is<DirectoryNotFoundException>(
                () => BarModels.Train(_context, options => options.Epoch = 1).SaveNetwork(nowhere), nowhere, "no folder");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void A_whole_model_file_can_be_scored_with_too()
    {
        using TemporaryFile file = new();
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(30));
        var model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.MulticlassClassification.Trainers.ConvNet("Label", "Features", BarModels.Network, epoch: 1))
            .Fit(data);
        _context.Model.Save(model, data.Schema, file.Name);
        ConvNetTransformer scoring = _context.Transforms.ConvNet("Score", "Features", file.Name).Fit(data);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(scoring.Transform(data)));
    }

    [TestMethod]
    public void A_model_file_that_is_not_one_is_an_error_that_names_it()
    {
        ErrorText.Is<FileNotFoundException>(() => _context.Transforms.ConvNet("Score", "Features", "no-such-model.zip"), "no-such-model.zip");
        using TemporaryFile file = new();
        File.WriteAllText(file.Name, "no zip");
        ErrorText.Is<ModelFormatException>(() => _context.Transforms.ConvNet("Score", "Features", file.Name), "zip archive", file.Name);
        File.Delete(file.Name);
        using (ZipArchive archive = ZipFile.Open(file.Name, ZipArchiveMode.Create))
        {
            archive.CreateEntry("other.txt");
        }

        ErrorText.Is<ModelFormatException>(() => _context.Transforms.ConvNet("Score", "Features", file.Name), "1 entries", "network.json");
    }

    [TestMethod]
    public void A_damaged_model_is_an_error_that_names_the_stream()
    {
        using TemporaryFile file = new();
        BarModels.Train(_context, options => options.Epoch = 1).SaveNetwork(file.Name);
        ZipEntries.RemoveHashes(file.Name);
        FailsWith("network.json", content => content[..(content.Length / 2)], "damaged: network.json");
        FailsWith("network.json", _ => "[]"u8.ToArray(), "damaged: network.json");
        FailsWith("weights.safetensors", content => content[..^5], "damaged: weights.safetensors");
        FailsWith("weights.safetensors", _ => [], "damaged: weights.safetensors");
        FailsWith("settings.json", content => content[..20], "damaged: settings.json");
        FailsWith("settings.json", content => Replace(content, "\"version\":1", "\"version\":9"), "Received: version 9");
        FailsWith("settings.json", content => Replace(content, "\"classCount\":3", "\"classCount\":4"), "damaged: settings.json", "4 outputs");
        FailsWith("settings.json", content => Replace(content, "[8,8,1]", "[65536,65536]"), "damaged: settings.json", "[65536, 65536]");
        FailsWith("settings.json", content => Replace(content, "[8,8,1]", "[2147483647,2147483647,2147483647,2147483647,9]"), "damaged: settings.json");
        FailsWith("settings.json", content => Replace(content, "\"lying\",", string.Empty), "3 label values", "Received: 2");
        FailsWith("settings.json", content => Replace(content, "\"UInt32\"", "\"Int32\""), "label keys", "Received: \"Int32\"");
        FailsWith("settings.json", content => Replace(content, "\"pixelScales\":[", "\"pixelScales\":[1,"), "pixel offsets and scales");
        FailsWith("settings.json", content => Replace(content, "\"scoreColumn\":\"Score\"", "\"scoreColumn\":\"\""), "damaged: settings.json");

        void FailsWith(string name, Func<byte[], byte[]> change, params string[] parts)
        {
            using TemporaryFile damaged = new();
            File.Copy(file.Name, damaged.Name);
            ZipEntries.Change(damaged.Name, name, change);
            ErrorText.Is<ModelFormatException>(() => _context.Transforms.ConvNet("Score", "Features", damaged.Name), parts);
        }
    }

    [TestMethod]
    public void A_damaged_part_of_an_MLNet_model_is_named_among_the_causes()
    {
        using TemporaryFile file = new();
        IDataView data = BarModels.Keyed(_context, BarImages.Create(3));
        _context.Model.Save(BarModels.Train(_context, options => options.Epoch = 1), data.Schema, file.Name);
        ZipEntries.Change(file.Name, "weights.safetensors", content => content[..100]);
        ErrorText.IsCauseOf<ModelFormatException, InvalidOperationException>(
            () => _context.Model.Load(file.Name, out _), "damaged: weights.safetensors");
    }

    private static byte[] Replace(byte[] content, string from, string to)
    {
        string text = Encoding.UTF8.GetString(content);
        StringAssert.Contains(text, from);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    private static ConvNetTransformer SaveAndLoad(ConvNetTransformer model, DataViewSchema schema, string path)
    {
        new MLContext().Model.Save(model, schema, path);
        ITransformer loaded = new MLContext().Model.Load(path, out _);
        return loaded as ConvNetTransformer ?? (ConvNetTransformer)((TransformerChain<ITransformer>)loaded).LastTransformer;
    }
}
