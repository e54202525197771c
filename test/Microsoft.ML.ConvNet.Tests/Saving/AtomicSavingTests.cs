using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Saving;

/// <summary>Models that ML.NET saves beside those that they replace.</summary>
[TestClass]
public sealed class AtomicSavingTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_save_that_fails_leaves_the_model_that_was_there()
    {
        using TemporaryFile file = new();
        IDataView data = BarModels.Keyed(_context, BarImages.Create(12));
        ConvNetTransformer model = BarModels.Train(_context, options => options.Epoch = 1);
        _context.Model.SaveAtomically(model, data.Schema, file.Name);
        byte[] before = File.ReadAllBytes(file.Name);
        ITransformer loaded = new MLContext().Model.Load(file.Name, out DataViewSchema schema);
        Assert.AreEqual("Features", schema[0].Name);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(loaded.Transform(data)));

        model.Weights.Dispose();
        Assert.Throws<Exception>(() => _context.Model.SaveAtomically(model, data.Schema, file.Name));
        CollectionAssert.AreEqual(before, File.ReadAllBytes(file.Name));

        // A file of a model of nothing takes its place.
        _context.Model.SaveAtomically(null, data.Schema, file.Name);
        CollectionAssert.AreNotEqual(before, File.ReadAllBytes(file.Name));
        Assert.IsEmpty(
            Directory.GetFiles(Path.GetTempPath(), $".{Path.GetFileNameWithoutExtension(file.Name)}*"), "nothing temporary is left");
    }

    [TestMethod]
    public void A_model_is_saved_with_the_loader_of_its_data()
    {
        using TestFolder folder = new();
        string text = folder.Write("rows.txt", "1\t2\t3\n"u8.ToArray());
        var loader = _context.Data.CreateTextLoader([new TextLoader.Column("Number", DataKind.Single, 0)]);
        ITransformer model = _context.Transforms.CopyColumns("Copy", "Number").Fit(loader.Load(text));
        string path = Path.Combine(folder.Path, "model.zip");
        _context.Model.SaveAtomically(model, loader, path);
        ITransformer loaded = _context.Model.LoadWithDataLoader(path, out IDataLoader<IMultiStreamSource> loadedLoader);
        Assert.AreEqual(1f, loaded.Transform(loadedLoader.Load(new MultiFileSource(text))).GetColumn<float>("Copy").Single());
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_model_goes_to_standard_output_byte_for_byte_and_loads()
    {
        using TestFolder folder = new();
        IDataView data = BarModels.Keyed(_context, BarImages.Create(12));
        ConvNetTransformer model = BarModels.Train(_context, options => options.Epoch = 1);
        string path = Path.Combine(folder.Path, "model.zip");
        _context.Model.SaveAtomically(model, data.Schema, path);
        using MemoryStream output = FreshProcess.Start("copy", path, "/dev/stdout");
        ITransformer loaded = _context.Model.Load(output, out _);
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(data)), BarModels.ScoreBits(loaded.Transform(data)));
    }
}
