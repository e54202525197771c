using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Columns;

/// <summary>The shape of images in a column of flat vectors, for a network that is built for them.</summary>
[TestClass]
public sealed class FlatImageShapeTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(784, "28x28x1", DisplayName = "MNIST")]
    [DataRow(75, "5x5x3", DisplayName = "square and of three colours")]
    [DataRow(54, "6x9x1 or 9x6x1", DisplayName = "3:2 either way")]
    [DataRow(9216, "96x96x1, 72x128x1, 128x72x1, 48x64x3 or 64x48x3", DisplayName = "64 by 48 of three colours, or 96 by 96 grey")]
    [DataRow(3072, "48x64x1, 64x48x1 or 32x32x3", DisplayName = "CIFAR's colours, or 64 by 48 grey")]
    [DataRow(144, "12x12x1, 9x16x1, 16x9x1, 6x8x3 or 8x6x3", DisplayName = "9:16 and 4:3")]
    [DataRow(150528, "336x448x1, 448x336x1 or 224x224x3", DisplayName = "ImageNet's, or 4:3 and grey")]
    public void The_only_usual_shape_is_taken_and_logged_and_several_are_an_error_that_lists_them(int size, string shapes)
    {
        LogLines log = new(_context);
        if (!shapes.Contains(" or ", StringComparison.Ordinal))
        {
            Assert.AreEqual(shapes, ShapeOf(size, _ => { }));
            Assert.HasCount(1, log.Infos.Where(line => line.Contains(shapes, StringComparison.Ordinal) && line.Contains("ImageHeight", StringComparison.Ordinal)));
            return;
        }

        ErrorText.Is<ArgumentOutOfRangeException>(
            () => ShapeOf(size, _ => { }), $"can be {shapes};", "set ImageHeight, ImageWidth and ImageChannels", "\"Features\"");
    }

    [TestMethod]
    [DataRow(63)]
    [DataRow(100_000_007)]
    public void Where_no_usual_shape_has_so_many_values_the_error_says_which_are_usual(int size) => ErrorText.Is<ArgumentOutOfRangeException>(
        () => ShapeOf(size, _ => { }), "1 or 3 channels", "1:1, 4:3, 3:2 or 16:9", "set ImageHeight, ImageWidth and ImageChannels");

    [TestMethod]
    public void The_options_come_first_each_as_far_as_it_goes()
    {
        Assert.AreEqual("64x48x3", ShapeOf(9216, options => (options.ImageHeight, options.ImageWidth, options.ImageChannels) = (64, 48, 3)));
        Assert.AreEqual("64x48x3", ShapeOf(9216, options => (options.ImageHeight, options.ImageWidth) = (64, 48)));
        Assert.AreEqual("64x48x3", ShapeOf(9216, options => (options.ImageHeight, options.ImageChannels) = (64, 3)));
        Assert.AreEqual("64x48x3", ShapeOf(9216, options => (options.ImageWidth, options.ImageChannels) = (48, 3)));
        Assert.AreEqual("64x48x3", ShapeOf(9216, options => options.ImageHeight = 64));
        Assert.AreEqual("96x96x1", ShapeOf(9216, options => (options.ImageChannels, options.ImageWidth) = (1, 96)));
        Assert.AreEqual("28x28x1", ShapeOf(784, options => options.ImageChannels = 1));
        Assert.AreEqual("7x9x1", ShapeOf(63, options => (options.ImageHeight, options.ImageWidth) = (7, 9)));
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => ShapeOf(9216, options => options.ImageChannels = 3), "can be 48x64x3 or 64x48x3;");
        ErrorText.Is<ArgumentOutOfRangeException>(() => ShapeOf(9216, options => options.ImageHeight = 65), "not what the options say");
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => ShapeOf(9216, options => (options.ImageHeight, options.ImageWidth) = (90, 90)), "90x90x1 have 8100 values");
        ErrorText.Is<ArgumentOutOfRangeException>(
            () => ShapeOf(9216, options => (options.ImageHeight, options.ImageWidth) = (int.MaxValue, int.MaxValue)), "4611686014132420609 values");
    }

    [TestMethod]
    public void A_given_network_and_the_dimensions_of_the_column_come_first_too()
    {
        Assert.AreEqual("48x64x3", Trained(Row(9216), options => options.Network = Network.Input(48, 64, 3).Flatten().Dense(2)));
        VectorDataViewType type = new(NumberDataViewType.Single, 64, 48, 3);
        Assert.AreEqual("64x48x3", Trained(Row(9216, type), options => options.NetworkBuilder = (input, classes) => input.Flatten().Dense(classes)));
    }

    private string ShapeOf(int size, Action<ConvNetMulticlassTrainer.Options> set) => Trained(Row(size), options =>
    {
        options.NetworkBuilder = (input, classes) => throw new ShapeException(input.Shape.ToString());
        set(options);
    });

    private string Trained(IDataView rows, Action<ConvNetMulticlassTrainer.Options> set)
    {
        ConvNetMulticlassTrainer.Options options = new() { Epoch = 1, ImageLayout = ImageLayout.ChannelsLast };
        set(options);
        try
        {
            return _context.MulticlassClassification.Trainers.ConvNet(options).Fit(rows).Network.InputShape.ToString();
        }
        catch (ShapeException shape)
        {
            return shape.Message;
        }
    }

    private IDataView Row(int size, VectorDataViewType? type = null)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(VectorRow));
        schema["Features"].ColumnType = type ?? new VectorDataViewType(NumberDataViewType.Single, size);
        return _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 2).Select(i => new VectorRow { Features = new float[size], Label = (uint)i }), schema);
    }

#pragma warning disable CA1812, CA1032, CA1064 // Instances are made by ML.NET; the exception ends a fit before it trains.
    private sealed class VectorRow
    {
        public float[] Features { get; set; } = [];

        [KeyType(2)]
        public uint Label { get; set; }
    }

    private sealed class ShapeException(string shape) : Exception(shape);
}
