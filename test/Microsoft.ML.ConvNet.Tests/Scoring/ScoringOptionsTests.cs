using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Scoring;

/// <summary>What an estimator that scores with a model file can be told.</summary>
[TestClass]
public sealed class ScoringOptionsTests
{
    private const int Side = 6;
    private const int Channels = 3;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_options_name_both_columns_that_are_written_and_any_number_of_threads_gives_the_same_bits()
    {
        using TemporaryFile file = new();
        ConvNetTransformer model = BarModels.Train(_context);
        model.SaveNetwork(file.Name);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(12));
        uint[] expected = BarModels.ScoreBits(model.Transform(data));
        foreach (int threads in (int[])[0, 1, 2])
        {
            ConvNetScoringEstimator estimator = _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options
            {
                OutputColumnName = "Probabilities",
                InputColumnName = "Features",
                PredictedLabelColumnName = "Best",
                ModelFile = file.Name,
                NumberOfThreads = threads,
            });
            ConvNetTransformer scoring = estimator.Fit(data);
            Assert.AreEqual("Best", scoring.PredictedLabelColumnName);
            IDataView scored = scoring.Transform(data);
            CollectionAssert.AreEqual(expected, BarModels.ScoreBits(scored, "Probabilities"));
            CollectionAssert.AreEqual(
                model.Transform(data).GetColumn<uint>("PredictedLabel").ToArray(), scored.GetColumn<uint>("Best").ToArray());
            Assert.IsTrue(estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)).Single(column => column.Name == "Best").IsKey);
        }
    }

    [TestMethod]
    public void The_image_layout_is_that_of_the_model_where_none_is_given()
    {
        using TemporaryFile file = new();
        IDataView last = Rows(isPlanar: false);
        ConvNetTransformer model = _context.MulticlassClassification.Trainers.ConvNet(new ConvNetMulticlassTrainer.Options
        {
            Network = Networks.Network.Input(Side, Side, Channels).Conv(4, 3).Relu().Flatten().Dense(2),
            ImageLayout = ImageLayout.ChannelsLast,
            Epoch = 1,
        }).Fit(last);
        model.SaveNetwork(file.Name);
        uint[] expected = BarModels.ScoreBits(model.Transform(last));
        CollectionAssert.AreEqual(expected, BarModels.ScoreBits(Scoring(ImageLayout.Auto).Transform(last)));
        IDataView first = Rows(isPlanar: true);
        CollectionAssert.AreNotEqual(expected, BarModels.ScoreBits(Scoring(ImageLayout.Auto).Transform(first)));
        ConvNetTransformer planar = Scoring(ImageLayout.ChannelsFirst);
        Assert.AreEqual(ImageLayout.ChannelsFirst, planar.Model.ImageLayout);
        CollectionAssert.AreEqual(expected, BarModels.ScoreBits(planar.Transform(first)));

        ConvNetTransformer Scoring(ImageLayout layout) =>
            _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options { ModelFile = file.Name, ImageLayout = layout }).Fit(last);
    }

    [TestMethod]
    public void Options_that_will_not_do_are_errors_that_say_what_was_received()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Transforms.ConvNet((ConvNetScoringEstimator.Options)null!));
        Fails<ArgumentException>(options => options.ModelFile = string.Empty, "ModelFile");
        Fails<ArgumentException>(options => options.PredictedLabelColumnName = "Score", "Received: \"Score\" for both");
        Fails<ArgumentOutOfRangeException>(options => options.NumberOfThreads = -1, "NumberOfThreads", "Received: -1");
        Fails<ArgumentOutOfRangeException>(options => options.NumberOfThreads = 10_000, "up to 1024", "Received: 10000");
        Fails<ArgumentOutOfRangeException>(options => options.ImageLayout = (ImageLayout)9, "ChannelsFirst", "Received: 9");
        Fails<FileNotFoundException>(_ => { }, "no-such-model.zip");

        void Fails<TException>(Action<ConvNetScoringEstimator.Options> set, params string[] parts)
            where TException : Exception
        {
            ConvNetScoringEstimator.Options options = new() { ModelFile = "no-such-model.zip" };
            set(options);
            ErrorText.Is<TException>(() => _context.Transforms.ConvNet(options), parts);
        }
    }

    /// <summary>The same images of two classes, pixel by pixel or plane by plane, in vectors whose type does not say which.</summary>
    private IDataView Rows(bool isPlanar)
    {
        // A fixed seed: the same images both times.
        Random random = new(3);
        ColourRow[] rows = new ColourRow[8];
        for (int row = 0; row < rows.Length; row++)
        {
            float[] values = new float[Side * Side * Channels];
            for (int i = 0; i < values.Length; i++)
            {
                int at = isPlanar ? (i % Channels * Side * Side) + (i / Channels) : i;
                values[at] = random.Next(256);
            }

            rows[row] = new ColourRow { Features = values, Label = row % 2 == 0 ? "even" : "odd" };
        }

        IDataView data = _context.Data.LoadFromEnumerable(rows);
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private sealed class ColourRow
    {
        [VectorType(Side * Side * Channels)]
        public float[]? Features { get; set; }

        public string? Label { get; set; }
    }
}
