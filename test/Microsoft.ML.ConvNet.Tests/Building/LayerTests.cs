using Microsoft.ML.ConvNet.Building;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Building;

/// <summary>Single layers as steps of a pipeline, with results by hand.</summary>
[TestClass]
public sealed class LayerTests
{
    private static readonly float[,] Sobel = { { -1, 0, 1 }, { -2, 0, 2 }, { -1, 0, 1 } };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void An_edge_detector_finds_the_edge()
    {
        // Dark to the left of column 3, and light from there on.
        float[] pixels = [.. Enumerable.Range(0, 64).Select(i => i % 8 < 3 ? 10f : 20f)];
        IDataView rows = _context.Data.LoadFromEnumerable([new BarRow { Features = pixels }]);
        ConvNetFeaturizerTransformer edges = _context.Transforms.Convolution("Edges", "Features", Sobel).Fit(rows);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 6, 6, 1), edges.GetOutputSchema(rows.Schema)["Edges"].Type);
        float[] found = Column(edges.Transform(rows), "Edges")[0];
        for (int i = 0; i < 36; i++)
        {
            // Windows over columns 1 to 3 and 2 to 4 see it: (1 + 2 + 1) x 10.
            Assert.AreEqual(i % 6 is 1 or 2 ? 40f : 0f, found[i], $"{i}");
        }

        found = Column(_context.Transforms.Convolution("Edges", "Features", Sobel, stride: 2, padding: 1).Fit(rows).Transform(rows), "Edges")[0];
        Assert.HasCount(16, found);

        // Around column 2 of row 2; at the corner the padding is darker still: 2 x 10 + 1 x 10 to the right.
        Assert.AreEqual(40f, found[5]);
        Assert.AreEqual(30f, found[0]);
    }

    [TestMethod]
    public void A_bank_of_filters_gives_a_channel_each_and_a_kernel_keeps_the_channels()
    {
        // Three pixels of red, green, blue; the dimensions 1x3x3 might also be one channel of 3x3.
        IDataView rows = _context.Data.LoadFromEnumerable([new ColourRow { Pixels = [1, 2, 3, 10, 20, 30, 100, 200, 300] }]);
        IDataView filtered = _context.Transforms.Convolution(new ConvolutionOptions
        {
            OutputColumnName = "Maps",
            InputColumnName = "Pixels",
            Filters = [new float[,,] { { { 1, -1, 0 } } }, new float[,,] { { { 0, 0, 2 } } }],
            ImageLayout = ImageLayout.ChannelsLast,
        }).Fit(rows).Transform(rows);
        CollectionAssert.AreEqual(new float[] { -1, 6, -10, 60, -100, 600 }, Column(filtered, "Maps")[0]);
        filtered = _context.Transforms.Convolution(new ConvolutionOptions
        {
            OutputColumnName = "Maps",
            InputColumnName = "Pixels",
            Kernel = new float[,] { { 1, 1 } },
            Biases = [0.5f, -22, 0],
            Behind = x => x.Relu(),
            ImageLayout = ImageLayout.ChannelsLast,
        }).Fit(rows).Transform(rows);
        CollectionAssert.AreEqual(new float[] { 11.5f, 0, 33, 110.5f, 198, 330 }, Column(filtered, "Maps")[0]);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, 2, 3), filtered.Schema["Maps"].Type);

        // A next layer knows them for pixels of three channels, though 3x1x2 has them first.
        filtered = _context.Transforms.Convolution(new ConvolutionOptions { OutputColumnName = "Turned", InputColumnName = "Square", Kernel = new float[,] { { 1 } } })
            .Append(_context.Transforms.Pooling(new PoolingOptions { OutputColumnName = "Pooled", InputColumnName = "Turned", WindowSize = (3, 1) }))
            .Fit(Thin()).Transform(Thin());
        CollectionAssert.AreEqual(new float[] { 5, 6 }, Column(filtered, "Pooled")[0]);

        IDataView Thin() => _context.Transforms.Convolution(
            new ConvolutionOptions { OutputColumnName = "Square", InputColumnName = "Pixels", Kernel = new float[,] { { 1 } }, ImageChannels = 2 })
            .Fit(_context.Data.LoadFromEnumerable([new ThinRow { Pixels = [1, 2, 3, 4, 5, 6] }]))
            .Transform(_context.Data.LoadFromEnumerable([new ThinRow { Pixels = [1, 2, 3, 4, 5, 6] }]));
    }

    [TestMethod]
    public void Windows_are_pooled_by_their_greatest_value_or_their_mean_or_the_image_as_a_whole()
    {
        IDataView rows = _context.Data.LoadFromEnumerable([new SquareRow { Square = [.. Enumerable.Range(1, 16).Select(i => (float)i)] }]);
        CollectionAssert.AreEqual(new float[] { 6, 8, 14, 16 }, Pooled(new PoolingOptions()));
        CollectionAssert.AreEqual(new float[] { 3.5f, 5.5f, 11.5f, 13.5f }, Pooled(new PoolingOptions { Kind = PoolingKind.Average }));
        CollectionAssert.AreEqual(new float[] { 11, 12, 15, 16 }, Pooled(new PoolingOptions { WindowSize = 3, Stride = 1 }));
        CollectionAssert.AreEqual(new float[] { 16 }, Pooled(new PoolingOptions { IsGlobal = true }));
        CollectionAssert.AreEqual(new float[] { 8.5f }, Pooled(new PoolingOptions { Kind = PoolingKind.Average, IsGlobal = true }));

        // Three parts of four rows: 1 and 2, 2 and 3, 3 and 4, and of columns alike.
        CollectionAssert.AreEqual(
            new float[] { 3.5f, 4.5f, 5.5f, 7.5f, 8.5f, 9.5f, 11.5f, 12.5f, 13.5f }, Pooled(new PoolingOptions { Kind = PoolingKind.Average, OutputSize = 3 }));

        float[] Pooled(PoolingOptions options)
        {
            options.OutputColumnName = "Pooled";
            options.InputColumnName = "Square";
            return Column(_context.Transforms.Pooling(options).Fit(rows).Transform(rows), "Pooled")[0];
        }
    }

    [TestMethod]
    public void Vectors_and_images_are_multiplied_by_a_matrix()
    {
        IDataView rows = _context.Data.LoadFromEnumerable([new FlatNumbers { Pair = [3, 5] }, new FlatNumbers { Pair = [-1, 2] }]);
        float[][] both = Column(_context.Transforms.Dense("Both", "Pair", new float[,] { { 1, 1 }, { 1, -1 } }, [10, 20]).Fit(rows).Transform(rows), "Both");
        CollectionAssert.AreEqual(new float[] { 18, 18 }, both[0]);
        CollectionAssert.AreEqual(new float[] { 11, 17 }, both[1]);
        ErrorText.Is<ArgumentException>(
            () => _context.Transforms.Dense("Both", "Pair", new float[,] { { 1 }, { 1 }, { 1 } }).Fit(rows), "each input, 2. Received: those of 3");
    }

    [TestMethod]
    public void Layers_stand_one_behind_the_other_before_any_trainer_and_are_saved_with_it()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(BarImages.Create(90));
        var pipeline = _context.Transforms.Convolution("Edges", "Features", Sobel, padding: 1)
            .Append(_context.Transforms.Pooling(new PoolingOptions { OutputColumnName = "Small", InputColumnName = "Edges", WindowSize = 2, Behind = x => x.Flatten() }))
            .Append(_context.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Small"));
        var model = pipeline.Fit(rows);
        float[][] scores = Column(model.Transform(rows), "Score");
        using TemporaryFile file = new();
        _context.Model.Save(model, rows.Schema, file.Name);
        float[][] loaded = Column(new MLContext(seed: 2).Model.Load(file.Name, out _).Transform(rows), "Score");
        CollectionAssert.AreEqual(scores.SelectMany(row => row).ToArray(), loaded.SelectMany(row => row).ToArray());
    }

    [TestMethod]
    public void Filters_are_learnt_with_a_classifier_and_kept()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(BarImages.Create(120));
        ConvolutionOptions options = new()
        {
            OutputColumnName = "Maps",
            InputColumnName = "Features",
            FilterCount = 6,
            Learning = new ConvNetMulticlassTrainer.Options { Epoch = 12, LearningRate = 0.01f, BatchSize = 16, Seed = 1 },
        };
        ConvNetLayerEstimator estimator = _context.Transforms.Convolution(options);
        ConvNetFeaturizerTransformer layer = estimator.Fit(rows);
        Assert.HasCount(1, layer.Network.Nodes);
        Assert.IsInstanceOfType<Conv2D>(layer.Network.Nodes[0].Layer);
        CollectionAssert.AreEqual(
            layer.Weights["convolution.weight"].ToArray(), _context.Transforms.Convolution(options).Fit(rows).Weights["convolution.weight"].ToArray());
        SchemaShapes.AssertFits(estimator.GetOutputSchema(SchemaShapes.Of(rows.Schema)), layer.GetOutputSchema(rows.Schema));

        // What is learnt of them tells the classes of other images apart.
        var rest = _context.Transforms.Pooling(
                new PoolingOptions { OutputColumnName = "Small", InputColumnName = "Maps", Behind = x => x.Relu().Flatten() })
            .Append(_context.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Small"));
        var model = rest.Fit(layer.Transform(rows));
        IDataView others = _context.Data.LoadFromEnumerable(BarImages.Create(90, seed: 5));
        Assert.IsGreaterThan(0.9, _context.MulticlassClassification.Evaluate(model.Transform(layer.Transform(others))).MicroAccuracy);
    }

    [TestMethod]
    public void A_dense_layer_is_learnt_of_vectors_that_are_no_images()
    {
        Random random = new(1);
        FlatNumbers[] rows = [.. Enumerable.Range(0, 200).Select(_ => new FlatNumbers { Pair = [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f] })];
        foreach (FlatNumbers row in rows)
        {
            row.Label = row.Pair![0] * row.Pair[1] > 0 ? "same" : "other";
        }

        IDataView data = _context.Data.LoadFromEnumerable(rows);
        ConvNetFeaturizerTransformer layer = _context.Transforms.Dense(new DenseOptions
        {
            OutputColumnName = "Features",
            InputColumnName = "Pair",
            Units = 16,
            Behind = x => x.Relu(),
            Learning = new ConvNetMulticlassTrainer.Options { Epoch = 100, LearningRate = 0.02f, BatchSize = 20, Seed = 1 },
        }).Fit(data);
        var rest = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Features"));
        var model = rest.Fit(layer.Transform(data));
        Assert.IsGreaterThan(
            0.93, _context.MulticlassClassification.Evaluate(model.Transform(layer.Transform(data))).MicroAccuracy, "no line divides them in the plane");
    }

    [TestMethod]
    public void Images_of_any_size_are_read_where_they_are_resized()
    {
        using ImageFiles files = new((4, 4), (9, 5), (7, 7));
        IDataView images = files.Load(_context);
        ConvolutionOptions options = new() { OutputColumnName = "Edges", InputColumnName = "Image", Kernel = Sobel, ImageHeight = 6, ImageWidth = 5 };
        ErrorText.Is<InvalidDataException>(() => _ = Column(_context.Transforms.Convolution(options).Fit(images).Transform(images), "Edges"), "6x5", "Received: 4x4");
        options.ImageResizing = ImageResizing.Fill;
        float[][] edges = Column(_context.Transforms.Convolution(options).Fit(images).Transform(images), "Edges");
        Assert.HasCount(3, edges);
        Assert.IsTrue(edges.All(row => row.Length == 4 * 3 * 3 && row.All(value => value == 0)), "images of one colour have no edges");
    }

    [TestMethod]
    public void What_does_not_fit_together_is_refused()
    {
        ErrorText.Is<ArgumentException>(() => _context.Transforms.Convolution(new ConvolutionOptions()), "one of Filters, Kernel and FilterCount. Received: none");
        ErrorText.Is<ArgumentException>(() => _context.Transforms.Convolution(new ConvolutionOptions { Kernel = Sobel, FilterCount = 3 }), "Received: several");
        ErrorText.Is<ArgumentException>(
            () => _context.Transforms.Convolution("X", "Y", [new float[1, 1, 3], new float[3, 1, 3]]), "1x1x3 (height x width x channels). Received: 3x1x3");
        ErrorText.Is<ArgumentException>(() => _context.Transforms.Pooling(new PoolingOptions { IsGlobal = true, WindowSize = 2 }), "Received: several of them");
        ErrorText.Is<ArgumentException>(() => _context.Transforms.Dense(new DenseOptions()), "one of Weights and Units. Received: none");
        IDataView rows = _context.Data.LoadFromEnumerable(BarImages.Create(3));
        ErrorText.Is<ArgumentException>(() => _context.Transforms.Convolution("X", "Features", [new float[1, 1, 3]]).Fit(rows), "each channel of the input, 1. Received: 1x1x3");
        ErrorText.Is<ArgumentOutOfRangeException>(() => _context.Transforms.Pooling("X", "None").Fit(rows), "no input column \"None\"");
        ErrorText.Is<ArgumentOutOfRangeException>(() => _context.Transforms.Pooling("X", "Label").GetOutputSchema(SchemaShapes.Of(rows.Schema)), "\"Label\"", "String");
        Assert.ThrowsExactly<NetworkDefinitionException>(() => _context.Transforms.Convolution("X", "Features", new float[9, 9]).Fit(rows));
    }

    private static float[][] Column(IDataView data, string name) => [.. data.GetColumn<float[]>(name)];

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class ColourRow
    {
        [VectorType(1, 3, 3)]
        public float[]? Pixels { get; set; }
    }

    private sealed class ThinRow
    {
        [VectorType(3, 1, 2)]
        public float[]? Pixels { get; set; }
    }

    private sealed class SquareRow
    {
        [VectorType(4, 4)]
        public float[]? Square { get; set; }
    }

    private sealed class FlatNumbers
    {
        [VectorType(2)]
        public float[]? Pair { get; set; }

        public string Label { get; set; } = string.Empty;
    }
#pragma warning restore CA1812
}
