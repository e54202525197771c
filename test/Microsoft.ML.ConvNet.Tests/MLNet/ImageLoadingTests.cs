using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

[TestClass]
public sealed class ImageLoadingTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Images_are_loaded_from_the_folder_and_tagged_with_their_path()
    {
        using var folder = new TestFolder();
        string path = folder.Write("a.png", PngBuilder.Rgb(3, 2, ImageRows.Rgb));
        IDataView loaded = Load(folder.Path, "a.png");
        using DataViewRowCursor cursor = loaded.GetRowCursor(loaded.Schema);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(loaded.Schema["Image"]);
        MLImage image = null!;
        Assert.IsTrue(cursor.MoveNext());
        getter(ref image);
        Assert.AreEqual(path, image.Tag);
        CollectionAssert.AreEqual(ImageRows.Rgb, ImageRows.RgbOf(image));
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void The_column_is_of_images_of_unknown_size()
    {
        using var folder = new TestFolder();
        DataViewType type = Load(folder.Path, "a.png").Schema["Image"].Type;
        Assert.AreEqual(new ImageDataViewType(), type);
        Assert.AreEqual("Image", type.ToString());
    }

    [TestMethod]
    public void Nothing_is_read_before_a_value_is_asked_for()
    {
        using var folder = new TestFolder();
        IDataView loaded = Load(folder.Path, "missing.png");
        using DataViewRowCursor cursor = loaded.GetRowCursor(loaded.Schema);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(loaded.Schema["Image"]);
        Assert.IsTrue(cursor.MoveNext());
        MLImage image = null!;
        Assert.ThrowsExactly<FileNotFoundException>(() => getter(ref image));
    }

    [TestMethod]
    public void A_file_that_is_no_image_is_an_argument_error()
    {
        using var folder = new TestFolder();
        folder.Write("broken.png", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        IDataView loaded = Load(folder.Path, "broken.png");
        Assert.ThrowsExactly<ArgumentException>(() => loaded.GetColumn<MLImage>("Image").ToArray());
    }

    [TestMethod]
    public void A_row_without_a_path_has_no_image()
    {
        using var folder = new TestFolder();
        MLImage?[] images = [.. Load(folder.Path, "").GetColumn<MLImage>("Image")];
        Assert.HasCount(1, images);
        Assert.IsNull(images[0]);
    }

    [TestMethod]
    public void The_image_of_a_row_is_disposed_when_the_next_is_read_into_the_same_variable()
    {
        using var folder = new TestFolder();
        folder.Write("a.png", PngBuilder.Rgb(1, 1, 1, 2, 3));
        folder.Write("b.png", PngBuilder.Rgb(1, 1, 4, 5, 6));
        IDataView loaded = Load(folder.Path, "a.png", "b.png");
        MLImage image = null!;
        MLImage first;
        using (DataViewRowCursor cursor = loaded.GetRowCursor(loaded.Schema))
        {
            ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(loaded.Schema["Image"]);
            cursor.MoveNext();
            getter(ref image);
            first = image;
            cursor.MoveNext();
            getter(ref image);
            Assert.ThrowsExactly<InvalidOperationException>(() => first.Width);
            Assert.AreEqual(1, image.Width);
        }

        Assert.ThrowsExactly<InvalidOperationException>(() => image.Width, "The cursor disposes the last image.");
    }

    [TestMethod]
    public void A_folder_that_does_not_exist_is_an_argument_error()
    {
        Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.LoadImages("Image", "/no/such/folder", "Path"));
    }

    [TestMethod]
    public void A_path_column_that_is_missing_or_no_text_is_found_before_fitting()
    {
        IDataView numbers = _context.Data.LoadFromEnumerable([new { Path = 1f }]);
        ImageLoadingEstimator estimator = _context.Transforms.LoadImages("Image", null, "Path");
        ArgumentOutOfRangeException wrongType = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(numbers));
        Assert.Contains("'Path'", wrongType.Message);
        ImageLoadingEstimator missing = _context.Transforms.LoadImages("Image", null, "Nowhere");
        ArgumentOutOfRangeException noColumn = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => missing.Fit(numbers));
        Assert.Contains("Could not find input column 'Nowhere'", noColumn.Message);
    }

    [TestMethod]
    public void Raw_bytes_are_those_of_the_file()
    {
        using var folder = new TestFolder();
        byte[] file = PngBuilder.Rgb(1, 1, 1, 2, 3);
        folder.Write("a.png", file);
        IDataView data = _context.Data.LoadFromEnumerable([new PathRow { Path = "a.png" }, new PathRow()]);
        IDataView loaded = _context.Transforms.LoadRawImageBytes("Bytes", folder.Path, "Path").Fit(data).Transform(data);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Byte), loaded.Schema["Bytes"].Type);
        byte[][] bytes = [.. loaded.GetColumn<byte[]>("Bytes")];
        CollectionAssert.AreEqual(file, bytes[0]);
        Assert.IsEmpty(bytes[1]);
    }

    private IDataView Load(string folder, params string[] paths)
    {
        IDataView data = _context.Data.LoadFromEnumerable(paths.Select(path => new PathRow { Path = path }));
        return _context.Transforms.LoadImages("Image", folder, "Path").Fit(data).Transform(data);
    }
}
