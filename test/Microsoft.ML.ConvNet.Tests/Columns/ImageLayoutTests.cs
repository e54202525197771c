using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>Colour images of 6x6 in every form that a column can hold them in.</summary>
[TestClass]
public sealed class ImageLayoutTests
{
    private const int Side = 6;
    private const int Count = 24;

    private static readonly Func<SymbolicTensor, int, SymbolicTensor> Small =
        (input, classes) => input.Conv(4, 3).Relu().Flatten().Dense(classes);

    private readonly MLContext _context = new(seed: 1);
    private readonly byte[][] _pixels = CreatePixels();

    [TestMethod]
    public void Both_orders_bytes_sparse_vectors_and_images_train_and_score_to_the_same_bits()
    {
        IDataView interleaved = Keyed(Rows((pixels, label) => new InterleavedColourRow { Features = Floats(pixels), Label = label }));
        ConvNetTransformer expectedModel = Train(interleaved);
        uint[] expectedWeights = BarModels.WeightBits(expectedModel);
        uint[] expectedScores = BarModels.ScoreBits(expectedModel.Transform(interleaved));
        Dictionary<string, IDataView> forms = new()
        {
            ["planar floats"] = Keyed(Rows((pixels, label) => new PlanarColourRow { Features = Floats(Planar(pixels)), Label = label })),
            ["bytes"] = Keyed(Rows((pixels, label) => new ByteColourRow { Features = pixels, Label = label })),
            ["planar bytes"] = Keyed(Rows((pixels, label) => new PlanarByteColourRow { Features = Planar(pixels), Label = label })),
            ["sparse"] = Keyed(Rows((pixels, label) => new SparseColourRow { Features = Sparse(Planar(pixels)), Label = label })),
            ["BGRA images"] = Keyed(Rows((pixels, label) => new ImageColourRow { Features = Image(pixels, MLPixelFormat.Bgra32), Label = label })),
            ["RGBA images"] = Keyed(Rows((pixels, label) => new ImageColourRow { Features = Image(pixels, MLPixelFormat.Rgba32), Label = label })),
        };
        foreach ((string form, IDataView data) in forms)
        {
            CollectionAssert.AreEqual(expectedScores, BarModels.ScoreBits(expectedModel.Transform(data)), form);
            CollectionAssert.AreEqual(expectedWeights, BarModels.WeightBits(Train(data)), form);
        }
    }

    [TestMethod]
    public void ExtractPixels_in_either_order_scores_as_the_image_does()
    {
        ConvNetTransformer model = Train(Images());
        uint[] expected = BarModels.ScoreBits(model.Transform(Images()));
        foreach (bool isInterleaved in new[] { false, true })
        {
            // Fresh ones each time: ExtractPixels disposes of the last image that it read.
            IDataView images = Images();
            IDataView extracted = _context.Transforms.ExtractPixels("Features", interleavePixelColors: isInterleaved).Fit(images).Transform(images);
            CollectionAssert.AreEqual(expected, BarModels.ScoreBits(model.Transform(extracted)), $"interleaved: {isInterleaved}");
        }
    }

    [TestMethod]
    public void A_flat_vector_of_colours_needs_the_layout()
    {
        IDataView flat = Keyed(Rows((pixels, label) => new FlatColourRow { Features = Floats(Planar(pixels)), Label = label }));
        Network network = Network.Input(Side, Side, 3).Conv(4, 3).Relu().Flatten().Dense(2);
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.Trainers.ConvNet("Label", "Features", network).Fit(flat), "ImageLayout", "ChannelsFirst", "ChannelsLast");

        ConvNetTransformer expected = Train(Keyed(Rows((pixels, label) => new ByteColourRow { Features = pixels, Label = label })));
        ConvNetTransformer model = Train(flat, options => (options.NetworkBuilder, options.Network, options.ImageLayout) = (null, network, ImageLayout.ChannelsFirst));
        CollectionAssert.AreEqual(BarModels.WeightBits(expected), BarModels.WeightBits(model));
        ConvNetTransformer built = Train(flat, options => (options.ImageHeight, options.ImageWidth, options.ImageChannels, options.ImageLayout) = (Side, Side, 3, ImageLayout.ChannelsFirst));
        CollectionAssert.AreEqual(BarModels.WeightBits(expected), BarModels.WeightBits(built));
    }

    [TestMethod]
    public void A_model_reads_the_order_off_the_type_where_the_type_says_it()
    {
        IDataView flat = Keyed(Rows((pixels, label) => new FlatColourRow { Features = Floats(Planar(pixels)), Label = label }));
        ConvNetTransformer model = Train(flat, options => (options.ImageHeight, options.ImageWidth, options.ImageLayout) = (Side, Side, ImageLayout.ChannelsFirst));
        IDataView interleaved = Keyed(Rows((pixels, label) => new InterleavedColourRow { Features = Floats(pixels), Label = label }));
        CollectionAssert.AreEqual(BarModels.ScoreBits(model.Transform(flat)), BarModels.ScoreBits(model.Transform(interleaved)));
    }

    [TestMethod]
    public void A_layout_that_contradicts_the_type_is_an_error()
    {
        IDataView interleaved = Keyed(Rows((pixels, label) => new InterleavedColourRow { Features = Floats(pixels), Label = label }));
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => Train(interleaved, options => options.ImageLayout = ImageLayout.ChannelsFirst), "ChannelsLast", "Received: ImageLayout ChannelsFirst");
    }

    [TestMethod]
    public void A_type_that_fits_both_orders_needs_the_layout()
    {
        IDataView cubes = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 8).Select(i => new CubeRow { Features = [.. Enumerable.Range(i, 27).Select(x => (float)x)], Label = (uint)(i % 2) }));
        foreach (Action<ConvNetMulticlassTrainer.Options> set in new Action<ConvNetMulticlassTrainer.Options>[]
            { _ => { }, options => (options.NetworkBuilder, options.Network) = (null, Network.Input(3, 3, 3).Flatten().Dense(2)) })
        {
            ErrorText.Is<ArgumentOutOfRangeException>(() => Train(cubes, set), "ChannelsFirst", "ChannelsLast");
            ConvNetTransformer planar = Train(cubes, options =>
            {
                set(options);
                options.ImageLayout = ImageLayout.ChannelsFirst;
            });
            ConvNetTransformer interleaved = Train(cubes, options =>
            {
                set(options);
                options.ImageLayout = ImageLayout.ChannelsLast;
            });
            CollectionAssert.AreNotEqual(BarModels.WeightBits(planar), BarModels.WeightBits(interleaved));
        }
    }

    [TestMethod]
    public void A_flat_vector_of_grey_values_is_a_square_image()
    {
        IDataView flat = Keyed(BarImages.Create(30).Select(row => new FlatRow { Features = row.Features, Label = row.Label }));
        IDataView square = BarModels.Keyed(_context, BarImages.Create(30));
        ConvNetTransformer model = Train(flat);
        Assert.AreEqual("8x8x1", model.Network.InputShape.ToString());
        CollectionAssert.AreEqual(BarModels.WeightBits(Train(square)), BarModels.WeightBits(model));
    }

    [TestMethod]
    public void A_network_of_vectors_takes_vectors_of_any_dimensions()
    {
        Network network = Network.Input([64]).Dense(3);
        IDataView square = BarModels.Keyed(_context, BarImages.Create(30));
        ConvNetTransformer model = Train(square, options => (options.NetworkBuilder, options.Network) = (null, network));
        Assert.HasCount(90, BarModels.ScoreBits(model.Transform(square)));
    }

    [TestMethod]
    public void Grey_images_are_read_as_the_grey_value_and_colours_as_their_luminance()
    {
        byte[] grey = [.. Enumerable.Range(0, Side * Side).SelectMany(i => Enumerable.Repeat((byte)(i * 7), 3))];
        byte[] red = [.. Enumerable.Range(0, Side * Side).SelectMany(_ => new byte[] { 200, 0, 0 })];
        Network network = Network.Input(Side, Side, 1).Conv(2, 3).Flatten().Dense(2);
        ImageColourRow[] rows = [.. Enumerable.Range(0, 8).Select(i => new ImageColourRow { Features = Image(_pixels[i], MLPixelFormat.Bgra32), Label = i % 2 == 0 ? "a" : "b" })];
        ConvNetTransformer model = Train(Keyed(rows), options => (options.NetworkBuilder, options.Network, options.PixelScales) = (null, network, [1f]));
        foreach ((byte[] colours, float[] expected) in new[]
            { (grey, Enumerable.Range(0, 36).Select(i => (float)(byte)(i * 7)).ToArray()), (red, Enumerable.Repeat(60f, 36).ToArray()) })
        {
            using InferenceModel direct = new(model.Network, model.Weights);
            float[] scores = new float[2];
            direct.Predict(expected, 1, scores);
            IDataView image = _context.Data.LoadFromEnumerable([new ImageColourRow { Features = Image(colours, MLPixelFormat.Rgba32) }]);
            CollectionAssert.AreEqual(scores, model.Transform(image).GetColumn<float[]>("Score").Single());
        }
    }

    [TestMethod]
    public void An_image_can_be_read_again_after_training_and_scoring()
    {
        ImageColourRow[] rows = [.. Rows((pixels, label) => new ImageColourRow { Features = Image(pixels, MLPixelFormat.Bgra32), Label = label })];
        IDataView data = Keyed(rows);
        ConvNetTransformer model = Train(data);
        uint[] first = BarModels.ScoreBits(model.Transform(data));
        CollectionAssert.AreEqual(first, BarModels.ScoreBits(model.Transform(data)));
        Assert.AreEqual(Side, rows[^1].Features!.Width);
    }

    private IDataView Images() =>
        Keyed(Rows((pixels, label) => new ImageColourRow { Features = Image(pixels, MLPixelFormat.Bgra32), Label = label }));

    private static byte[][] CreatePixels()
    {
        Random random = new(7);
        byte[][] images = new byte[Count][];
        for (int i = 0; i < Count; i++)
        {
            images[i] = new byte[Side * Side * 3];
            random.NextBytes(images[i]);
        }

        return images;
    }

    private static float[] Floats(byte[] pixels) => [.. pixels.Select(value => (float)value)];

    private static byte[] Planar(byte[] pixels) =>
        [.. Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, Side * Side).Select(i => pixels[(3 * i) + channel]))];

    private static VBuffer<float> Sparse(byte[] values)
    {
        int[] indices = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        return new VBuffer<float>(values.Length, indices.Length, [.. indices.Select(i => (float)values[i])], indices);
    }

    private static MLImage Image(byte[] pixels, MLPixelFormat format)
    {
        byte[] four = new byte[Side * Side * 4];
        for (int i = 0; i < Side * Side; i++)
        {
            bool isBgra = format == MLPixelFormat.Bgra32;
            four[(4 * i) + (isBgra ? 2 : 0)] = pixels[3 * i];
            four[(4 * i) + 1] = pixels[(3 * i) + 1];
            four[(4 * i) + (isBgra ? 0 : 2)] = pixels[(3 * i) + 2];
            four[(4 * i) + 3] = 255;
        }

        return MLImage.CreateFromPixels(Side, Side, format, four);
    }

    private IEnumerable<TRow> Rows<TRow>(Func<byte[], string, TRow> make) =>
        _pixels.Select((pixels, i) => make(pixels, i % 2 == 0 ? "even" : "odd"));

    private IDataView Keyed<TRow>(IEnumerable<TRow> rows)
        where TRow : class
    {
        IDataView data = _context.Data.LoadFromEnumerable(rows.ToArray());
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private ConvNetTransformer Train(IDataView data, Action<ConvNetMulticlassTrainer.Options>? set = null)
    {
        ConvNetMulticlassTrainer.Options options = new() { NetworkBuilder = Small, Epoch = 2, BatchSize = 8, Seed = 4 };
        set?.Invoke(options);
        return _context.MulticlassClassification.Trainers.ConvNet(options).Fit(data);
    }
}
