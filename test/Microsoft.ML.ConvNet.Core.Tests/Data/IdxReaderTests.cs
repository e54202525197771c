using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>IDX files as they should be, and files that lie.</summary>
[TestClass]
public sealed class IdxReaderTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Images_and_labels_are_read_plain_and_compressed(bool isCompressed)
    {
        using ScratchFolder folder = new();
        byte[] images = IdxFile.Images(3, 2, 4, IdxFile.Counting(24));
        byte[] labels = IdxFile.Labels(2, 0, 1);
        string suffix = isCompressed ? ".gz" : string.Empty;
        File.WriteAllBytes(folder["t10k-images-idx3-ubyte" + suffix], isCompressed ? IdxFile.Compress(images) : images);
        File.WriteAllBytes(folder["t10k-labels-idx1-ubyte" + suffix], isCompressed ? IdxFile.Compress(labels) : labels);

        Assert.IsTrue(IdxReader.IsIdxFolder(folder.Path));
        using InMemoryDataset dataset = IdxReader.ReadTest(folder.Path);

        Assert.AreEqual(3, dataset.Count);
        Assert.AreEqual(new Shape(2, 4, 1), dataset.Shape);
        Assert.AreEqual(3, dataset.ClassCount);
        CollectionAssert.AreEqual(new[] { 2, 0, 1 }, Enumerable.Range(0, 3).Select(dataset.LabelOf).ToArray());
        float[] pixels = new float[8];
        dataset.ReadSample(1, pixels);
        CollectionAssert.AreEqual(new float[] { 8, 9, 10, 11, 12, 13, 14, 15 }, pixels);
    }

    [TestMethod]
    public void Four_dimensions_are_images_with_channels()
    {
        using ScratchFolder folder = new();
        byte[] images = IdxFile.Bytes(0x804, [2, 1, 2, 3], IdxFile.Counting(12));
        using InMemoryDataset dataset = Read(folder, images, IdxFile.Labels(0, 1));
        Assert.AreEqual(new Shape(1, 2, 3), dataset.Shape);
    }

    [TestMethod]
    [DataRow(4L, false, "states 4 items of 4 bytes, 16 bytes in all. Received: 12 bytes")]
    [DataRow(2L, false, "states 2 items of 4 bytes, 8 bytes in all. Received: 12 bytes")]
    [DataRow(4L, true, "states 4 items of 4 bytes. Received: 3 items, where the file ends")]
    [DataRow(2L, true, "states 2 items of 4 bytes. Received: more data after them")]
    public void A_header_that_states_another_number_of_images_is_an_error(long stated, bool isCompressed, string message)
    {
        byte[] images = IdxFile.Images(stated, 2, 2, new byte[12]);
        byte[] labels = IdxFile.Labels(new byte[stated]);
        AssertError(isCompressed ? IdxFile.Compress(images) : images, labels, "images", message);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_header_that_states_more_than_any_memory_holds_is_an_error_before_memory_is_taken(bool isCompressed)
    {
        byte[] images = IdxFile.Images(0x7FFFFFFF, 40_000, 40_000, new byte[64]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertError(isCompressed ? IdxFile.Compress(images) : images, IdxFile.Labels(0, 1), "images", "bytes in all. Received: ");
        Assert.IsLessThan(64_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow(0x00000D03u, "begins with 00 00 08 and the number of dimensions, 1 to 4. Received: 00000D03")]
    [DataRow(0x89504E47u, "Received: 89504E47")]
    [DataRow(0x00000809u, "Received: 00000809")]
    [DataRow(0x00000801u, "a file of images has 3 or 4 dimensions. Received: 1")]
    public void A_wrong_magic_number_is_an_error(uint magic, string message) =>
        AssertError(IdxFile.Bytes(magic, magic == 0x801 ? [4] : [1, 2, 2], new byte[4]), IdxFile.Labels(0), "images", message);

    [TestMethod]
    public void Dimensions_that_are_none_are_errors()
    {
        AssertError(IdxFile.Images(1, 0, 2, []), IdxFile.Labels(0), "images", "a dimension is from 1 to 2147483647. Received: 0");
        AssertError(IdxFile.Images(1, 0xFFFFFFFF, 2, []), IdxFile.Labels(0), "images", "Received: 4294967295");
        AssertError(IdxFile.Images(1, 70_000, 70_000, []), IdxFile.Labels(0), "images", "Received: 70000x70000");
    }

    [TestMethod]
    public void A_file_that_ends_in_its_header_is_an_error()
    {
        AssertError([0, 0], IdxFile.Labels(0), "images", "Received: 2 bytes");
        AssertError(IdxFile.Images(1, 1, 1, [])[..10], IdxFile.Labels(0), "images", "the header has 3 dimensions. Received: 1");
    }

    [TestMethod]
    public void A_damaged_compressed_file_is_an_error()
    {
        byte[] elements = new byte[4000];
        new Random(1).NextBytes(elements);
        byte[] damaged = IdxFile.Compress(IdxFile.Images(1000, 2, 2, elements));
        damaged[^6] ^= 0xFF;
        AssertError(damaged, IdxFile.Labels(new byte[1000]), "images", "damaged or cut off");
        AssertError(damaged[..2000], IdxFile.Labels(new byte[1000]), "images", ".");
    }

    [TestMethod]
    public void Another_number_of_labels_than_of_images_is_an_error() => AssertError(
        IdxFile.Images(3, 2, 2, new byte[12]), IdxFile.Labels(0, 1), "labels", "Received: 2 labels");

    [TestMethod]
    public void Labels_and_images_that_are_exchanged_are_an_error() => AssertError(
        IdxFile.Labels(0, 1), IdxFile.Images(2, 2, 2, new byte[8]), "images", "a file of images has 3 or 4 dimensions. Received: 1");

    [TestMethod]
    public void A_label_out_of_the_range_of_the_classes_is_an_error()
    {
        byte[] images = IdxFile.Images(3, 1, 1, new byte[3]);
        AssertError(
            images, IdxFile.Labels(0, 10, 9), "labels", "a label is from 0 to 9. Received: 10, of sample 1", classCount: 10);
    }

    [TestMethod]
    public void A_label_far_beyond_the_others_is_an_error()
    {
        byte[] labels = [.. Enumerable.Range(0, 50).Select(i => (byte)(i % 10))];
        labels[17] = 200;
        AssertError(
            IdxFile.Images(50, 1, 1, new byte[50]),
            IdxFile.Labels(labels),
            "labels",
            "11 different labels, of which the largest, of sample 17, is 200");
    }

    [TestMethod]
    public void Missing_files_and_folders_are_named()
    {
        using ScratchFolder folder = new();
        Assert.IsFalse(IdxReader.IsIdxFolder(folder.Path));
        Assert.Contains(
            "train-images-idx3-ubyte", Assert.ThrowsExactly<FileNotFoundException>(() => IdxReader.ReadTraining(folder.Path)).Message);
        Assert.Contains(
            folder["none"], Assert.ThrowsExactly<DirectoryNotFoundException>(() => IdxReader.ReadTraining(folder["none"])).Message);
        Assert.Contains(
            folder["a"], Assert.ThrowsExactly<FileNotFoundException>(() => IdxReader.Read(folder["a"], folder["b"])).Message);
    }

    [TestMethod]
    public void The_database_of_handwritten_digits_is_read()
    {
        string path = TestData.Folder("mnist");
        using InMemoryDataset training = IdxReader.ReadTraining(path);
        using InMemoryDataset test = IdxReader.ReadTest(path);
        Assert.AreEqual(60_000, training.Count);
        Assert.AreEqual(8_000, test.Count);
        Assert.AreEqual(new Shape(28, 28, 1), training.Shape);
        Assert.AreEqual(10, training.ClassCount);
        // The first labels of the training set, as anyone who has printed them knows.
        CollectionAssert.AreEqual(new[] { 5, 0, 4, 1, 9, 2, 1, 3, 1, 4 }, Enumerable.Range(0, 10).Select(training.LabelOf).ToArray());
    }

    private static InMemoryDataset Read(ScratchFolder folder, byte[] images, byte[] labels, int classCount = 0)
    {
        File.WriteAllBytes(folder["images"], images);
        File.WriteAllBytes(folder["labels"], labels);
        return IdxReader.Read(folder["images"], folder["labels"], classCount);
    }

    private static void AssertError(byte[] images, byte[] labels, string file, string message, int classCount = 0)
    {
        using ScratchFolder folder = new();
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Read(folder, images, labels, classCount));
        Assert.Contains(message, error.Message);
        Assert.StartsWith($"\"{folder[file]}\": ", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }
}
