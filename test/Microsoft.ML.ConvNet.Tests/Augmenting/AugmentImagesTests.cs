using System.Text;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Tests.Saving;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Tests.Augmenting;

/// <summary>Images that are augmented in a pipeline.</summary>
[TestClass]
public sealed class AugmentImagesTests
{
    private const int Height = 5;
    private const int Width = 7;

    private static readonly ImageAugmentation Augmentation = new()
    {
        RotationRange = 15,
        ZoomRange = (0.8f, 1.25f),
        HorizontalFlip = true,
        HueRange = 0.1f,
        FillMode = FillMode.Reflect,
        Interpolation = Interpolation.Nearest,
        ResizedCrop = new RandomResizedCrop { Scale = (0.5f, 1) },
        Erasing = new RandomErasing { Value = 3 },
        Policy = new RandAugment { Magnitude = 12 },
    };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Each_row_gets_what_the_engine_gives_for_its_number()
    {
        ImageAugmentingTransformer transformer = Fit(Augmentation);
        byte[][] received = Read(transformer.Transform(Rows(12)));
        for (int i = 0; i < 12; i++)
        {
            CollectionAssert.AreEqual(Expected(i), received[i], $"row {i}");
        }
    }

    [TestMethod]
    public void A_row_gets_the_same_in_any_order_and_in_any_part_of_its_data()
    {
        IDataView augmented = Fit(Augmentation).Transform(Rows(12));
        byte[][] all = Read(augmented);
        byte[][] last = Read(_context.Data.SkipRows(augmented, 9));
        for (int i = 0; i < 3; i++)
        {
            CollectionAssert.AreEqual(all[9 + i], last[i]);
        }

        foreach (DataViewRowCursor[] cursors in (DataViewRowCursor[][])
            [[augmented.GetRowCursor(augmented.Schema, new Random(3))], augmented.GetRowCursorSet(augmented.Schema, 4)])
        {
            int rows = 0;
            foreach (DataViewRowCursor cursor in cursors)
            {
                rows += AssertRows(cursor, all);
            }

            Assert.AreEqual(12, rows);
        }
    }

    [TestMethod]
    public void It_is_saved_and_loaded_with_the_model()
    {
        foreach (ImageAugmentation augmentation in (ImageAugmentation[])[Augmentation, new() { Policy = new TrivialAugment() }, new()])
        {
            ITransformer saved = Fit(augmentation).Append(_context.Transforms.CopyColumns("Copy", "Augmented").Fit(Fit(augmentation).Transform(Rows(1))));
            using MemoryStream stream = new();
            _context.Model.Save(saved, Rows(1).Schema, stream);
            stream.Position = 0;
            ITransformer loaded = new MLContext(seed: 9).Model.Load(stream, out _);
            ImageAugmentingTransformer transformer = (ImageAugmentingTransformer)((TransformerChain<ITransformer>)loaded).First();
            Assert.AreEqual(augmentation, transformer.Augmentation);
            Assert.AreEqual((5, "Image", "Augmented"), (transformer.Seed, transformer.InputColumnName, transformer.OutputColumnName));
            byte[][] expected = Read(Fit(augmentation).Transform(Rows(5)));
            byte[][] received = Read(loaded.Transform(Rows(5)));
            for (int i = 0; i < 5; i++)
            {
                CollectionAssert.AreEqual(expected[i], received[i]);
            }
        }
    }

    [TestMethod]
    [DataRow("{", "augmentation.json")]
    [DataRow("null", "There are no settings. Received: null.")]
    [DataRow("\"rotationRange\":15", "\"rotationRange\":900", "RotationRange is from 0 to 180. Received: 900.")]
    [DataRow("\"fillMode\":\"Reflect\"", "\"fillMode\":\"Sideways\"", "fillMode")]
    [DataRow("\"inputColumn\":\"Image\"", "\"inputColumn\":\"\"", "The field \"inputColumn\" is missing or empty.")]
    [DataRow("\"randAugment\"", "\"otherAugment\"", "A policy is randAugment or trivialAugment. Received: otherAugment.")]
    [DataRow("\"seed\":5", "\"seed\":5,\"more\":1", "more")]
    public void Damaged_settings_in_a_model_file_are_refused_by_name(string from, string to, string? message = null)
    {
        using TemporaryFile file = new();
        _context.Model.Save(Fit(Augmentation), Rows(1).Schema, file.Name);
        ZipEntries.Change(file.Name, "augmentation.json", content =>
        {
            string text = Encoding.UTF8.GetString(content);
            if (message is not null)
            {
                StringAssert.Contains(text, from);
            }

            return Encoding.UTF8.GetBytes(message is null ? from : text.Replace(from, to, StringComparison.Ordinal));
        });
        ErrorText.IsCauseOf<ModelFormatException, InvalidOperationException>(
            () => _context.Model.Load(file.Name, out _), "The model file is damaged: augmentation.json: ", message ?? to);
    }

    [TestMethod]
    public void A_fresh_process_loads_it_without_any_registration_and_augments_to_the_same_bytes()
    {
        using TemporaryFile file = new();
        ITransformer model = Fit(Augmentation);
        _context.Model.Save(model, Rows(1).Schema, file.Name);
        CollectionAssert.AreEqual(Program(_context, model).ToArray(), FreshProcess.Lines("augment", file.Name));
    }

    /// <summary>What a fresh process does: loads the model, and prints what it makes of some images.</summary>
    internal static IEnumerable<string> Program(MLContext context, ITransformer model) =>
        Read(model.Transform(RowsOf(context, 6))).Select(Convert.ToHexString);

    [TestMethod]
    public void A_prediction_engine_gives_an_image()
    {
        using PredictionEngine<ImageRow, AugmentedRow> engine =
            _context.Model.CreatePredictionEngine<ImageRow, AugmentedRow>(Fit(new ImageAugmentation { HorizontalFlip = true }));
        byte[] image = Pixels(3);
        AugmentedRow row = engine.Predict(new ImageRow { Image = Image(image) });
        byte[] received = row.Augmented!.Pixels.ToArray();
        Assert.IsTrue(received.SequenceEqual(image) || received.SequenceEqual(Mirrored(image)));
    }

    [TestMethod]
    public void The_input_column_may_be_the_output_and_transparent_pixels_lie_on_the_ground()
    {
        byte[] transparent = new byte[Height * Width * 4];
        foreach ((ImageBackground ground, byte value) in new[] { (ImageBackground.White, (byte)255), (ImageBackground.Black, (byte)0) })
        {
            // Half of the pixels are opaque and red, so that the alpha says something.
            byte[] pixels = [.. transparent];
            for (int i = 0; i < pixels.Length / 2; i += 4)
            {
                (pixels[i + 2], pixels[i + 3]) = (255, 255);
            }

            IDataView rows = _context.Data.LoadFromEnumerable([new ImageRow { Image = Image(pixels) }]);
            IDataView augmented = _context.Transforms.AugmentImages("Image", null, new ImageAugmentation(), 1, ground).Fit(rows).Transform(rows);
            using MLImage image = augmented.GetColumn<MLImage>("Image").Single();
            CollectionAssert.AreEqual(new byte[] { value, value, value, 255 }, image.Pixels[^4..].ToArray());
        }
    }

    [TestMethod]
    public void What_cannot_be_augmented_is_refused_by_the_schema()
    {
        ImageAugmentingEstimator estimator = _context.Transforms.AugmentImages("Out", "Features", Augmentation);
        IDataView bars = _context.Data.LoadFromEnumerable(BarImages.Create(2));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(bars)).Message, "What is augmented are images, MLImage.");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShapes.Of(bars.Schema))).Message,
            "What is augmented are images, MLImage.");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Rows(1))).Message, "There is no input column \"Features\".");
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentException>(
                () => _context.Transforms.AugmentImages("Out", "Image", new ImageAugmentation { ShearRange = 90 })).Message,
            "ShearRange is from 0 to 80. Received: 90.");
        SchemaShape shape = _context.Transforms.AugmentImages("Out", "Image", Augmentation).GetOutputSchema(SchemaShapes.Of(Rows(1).Schema));
        Assert.IsTrue(shape.Any(column => column.Name == "Out" && column.ItemType is ImageDataViewType));
    }

    private static byte[] Pixels(int seed)
    {
        // A fixed seed: the same images on every machine.
        byte[] pixels = new byte[Height * Width * 4];
        new Random(seed).NextBytes(pixels);
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }

        return pixels;
    }

    private static MLImage Image(byte[] pixels) => MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, pixels);

    private static byte[] Mirrored(byte[] pixels)
    {
        byte[] mirrored = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            int column = i / 4 % Width;
            mirrored[i + (4 * (Width - 1 - (2 * column)))] = pixels[i];
        }

        return mirrored;
    }

    private static byte[] Expected(int row)
    {
        byte[] pixels = Pixels(row);
        float[] colours = [.. Enumerable.Range(0, Height * Width * 3).Select(i => (float)pixels[(i / 3 * 4) + 2 - (i % 3)])];
        Augmentation.Apply(colours, new Shape(Height, Width, 3), 5, 0, row, colours);
        for (int i = 0; i < colours.Length; i++)
        {
            pixels[(i / 3 * 4) + 2 - (i % 3)] = (byte)MathF.Round(colours[i]);
        }

        return pixels;
    }

    private static byte[][] Read(IDataView augmented) => [.. augmented.GetColumn<MLImage>("Augmented").Select(image =>
    {
        using (image)
        {
            return image.Pixels.ToArray();
        }
    })];

    private static int AssertRows(DataViewRowCursor cursor, byte[][] expected)
    {
        using (cursor)
        {
            ValueGetter<int> number = cursor.GetGetter<int>(cursor.Schema["Number"]);
            ValueGetter<MLImage> image = cursor.GetGetter<MLImage>(cursor.Schema["Augmented"]);
            MLImage augmented = null!;
            int rows = 0;
            while (cursor.MoveNext())
            {
                int row = 0;
                number(ref row);
                image(ref augmented);
                CollectionAssert.AreEqual(expected[row], augmented.Pixels.ToArray());
                rows++;
            }

            return rows;
        }
    }

    private IDataView Rows(int count) => RowsOf(_context, count);

    private static IDataView RowsOf(MLContext context, int count) =>
        context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new ImageRow { Image = Image(Pixels(i)), Number = i }).ToArray());

    private ImageAugmentingTransformer Fit(ImageAugmentation augmentation) =>
        _context.Transforms.AugmentImages("Augmented", "Image", augmentation, seed: 5).Fit(Rows(1));

    private sealed class ImageRow
    {
        [ImageType(Height, Width)]
        public MLImage? Image { get; set; }

        public int Number { get; set; }
    }

    private sealed class AugmentedRow
    {
        [ImageType(Height, Width)]
        public MLImage? Augmented { get; set; }
    }
}
