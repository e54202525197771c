using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>The records of CIFAR as they should be, and files that lie.</summary>
[TestClass]
public sealed class CifarReaderTests
{
    private const int Plane = 1024;

    [TestMethod]
    public void The_three_planes_of_a_record_become_the_colours_of_its_pixels()
    {
        using ScratchFolder folder = new();
        byte[] record = Record([7]);
        (record[1], record[2], record[1 + Plane], record[1 + (2 * Plane)], record[^1]) = (10, 11, 20, 30, 39);
        File.WriteAllBytes(folder["data_batch_1.bin"], record);

        Assert.IsTrue(CifarReader.IsCifarFolder(folder.Path));
        using InMemoryDataset dataset = CifarReader.ReadTraining(folder.Path);
        float[] pixels = new float[3 * Plane];
        dataset.ReadSample(0, pixels);

        Assert.AreEqual(new Shape(32, 32, 3), dataset.Shape);
        Assert.AreEqual(10, dataset.ClassCount);
        Assert.AreEqual(7, dataset.LabelOf(0));
        CollectionAssert.AreEqual(new[] { 10f, 20, 30, 11, 0, 0 }, pixels[..6]);
        Assert.AreEqual(39, pixels[^1]);
    }

    [TestMethod]
    public void All_batches_are_the_training_part_in_the_order_of_their_numbers()
    {
        using ScratchFolder folder = new();
        foreach (int number in new[] { 10, 1, 2 })
        {
            File.WriteAllBytes(folder[$"data_batch_{number}.bin"], Record([(byte)(number % 10)]));
        }

        File.WriteAllBytes(folder["test_batch.bin"], [.. Record([4]), .. Record([5])]);
        using InMemoryDataset training = CifarReader.ReadTraining(folder.Path);
        using InMemoryDataset test = CifarReader.ReadTest(folder.Path);
        CollectionAssert.AreEqual(new[] { 1, 2, 0 }, Enumerable.Range(0, 3).Select(training.LabelOf).ToArray());
        CollectionAssert.AreEqual(new[] { 4, 5 }, Enumerable.Range(0, 2).Select(test.LabelOf).ToArray());
    }

    [TestMethod]
    [DataRow(CifarKind.Cifar100, 99, 100)]
    [DataRow(CifarKind.Cifar100Coarse, 19, 20)]
    public void The_larger_database_has_a_coarse_and_a_fine_label(CifarKind kind, int label, int classes)
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["train.bin"], Record([19, 99]));
        Assert.AreEqual(CifarKind.Cifar100, CifarReader.KindOf(folder.Path));
        using InMemoryDataset dataset = CifarReader.ReadTraining(folder.Path, kind);
        Assert.AreEqual(label, dataset.LabelOf(0));
        Assert.AreEqual(classes, dataset.ClassCount);
        Assert.HasCount(classes, CifarReader.ReadClassNames(folder.Path, kind));
    }

    [TestMethod]
    public void Names_of_classes_are_those_of_the_folder_and_else_those_that_everybody_knows()
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["test_batch.bin"], Record([0]));
        Assert.AreEqual("airplane", CifarReader.ReadClassNames(folder.Path)[0]);
        Assert.AreEqual("truck", CifarReader.ReadClassNames(folder.Path)[9]);
        File.WriteAllLines(folder["batches.meta.txt"], [.. "abcdefghij".Select(name => name.ToString()), string.Empty]);
        Assert.AreEqual("j", CifarReader.ReadClassNames(folder.Path)[9]);
        File.WriteAllLines(folder["batches.meta.txt"], ["a", "b"]);
        Assert.Contains("10 different names, one a line. Received: 2", Error(() => CifarReader.ReadClassNames(folder.Path)));
        File.WriteAllLines(folder["batches.meta.txt"], "abcdefghii".Select(name => name.ToString()));
        Assert.Contains("one twice", Error(() => CifarReader.ReadClassNames(folder.Path)));
    }

    [TestMethod]
    [DataRow(3072, "whole records of 3073 bytes, a label of 1 and 3072 of pixels. Received: 3072 bytes")]
    [DataRow(3074, "Received: 3074 bytes, 1 more than 1 records")]
    [DataRow(0, "Received: 0 bytes")]
    public void A_file_of_another_length_is_an_error(int length, string message)
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["data_batch_1.bin"], new byte[length]);
        string error = Error(() => CifarReader.ReadTraining(folder.Path));
        Assert.Contains(message, error);
        Assert.StartsWith($"\"{folder["data_batch_1.bin"]}\"", error);
    }

    [TestMethod]
    public void A_label_of_no_class_is_an_error_that_names_its_record()
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["data_batch_1.bin"], [.. Record([9]), .. Record([10])]);
        Assert.Contains("a label is from 0 to 9. Received: 10, of record 1", Error(() => CifarReader.ReadTraining(folder.Path)));
        File.WriteAllBytes(folder["train.bin"], Record([20, 0]));
        Assert.Contains("coarse label is from 0 to 19. Received: 20", Error(() => CifarReader.ReadTraining(folder.Path, CifarKind.Cifar100)));
        File.WriteAllBytes(folder["train.bin"], Record([0, 100]));
        Assert.Contains("fine label is from 0 to 99. Received: 100", Error(() => CifarReader.ReadTraining(folder.Path, CifarKind.Cifar100Coarse)));
    }

    [TestMethod]
    public void Missing_files_and_folders_are_named()
    {
        using ScratchFolder folder = new();
        Assert.IsFalse(CifarReader.IsCifarFolder(folder.Path));
        Assert.IsFalse(CifarReader.IsCifarFolder(folder["none"]));
        Assert.Contains("data_batch_", Assert.ThrowsExactly<FileNotFoundException>(() => CifarReader.ReadTraining(folder.Path)).Message);
        Assert.Contains(folder["none"], Assert.ThrowsExactly<DirectoryNotFoundException>(() => CifarReader.ReadTraining(folder["none"])).Message);
        File.WriteAllBytes(folder["data_batch_1.bin"], Record([1]));
        Assert.Contains("test_batch.bin", Assert.ThrowsExactly<FileNotFoundException>(() => CifarReader.ReadTest(folder.Path)).Message);
    }

    [TestMethod]
    public void A_file_that_happens_to_be_called_train_is_no_database()
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["train.bin"], new byte[100]);
        Assert.IsFalse(CifarReader.IsCifarFolder(folder.Path));
    }

    /// <summary>A part of the real one.</summary>
    [TestMethod]
    public void The_database_itself_is_read()
    {
        string path = TestData.Folder("cifar10");
        using InMemoryDataset training = CifarReader.ReadTraining(path);
        using InMemoryDataset test = CifarReader.ReadTest(path);
        Assert.AreEqual(4000, training.Count);
        Assert.AreEqual(500, test.Count);
        Assert.AreEqual("airplane", CifarReader.ReadClassNames(path)[0]);
    }

    private static byte[] Record(byte[] labels) => [.. labels, .. new byte[3 * Plane]];

    private static string Error(Action action) => Assert.ThrowsExactly<InvalidDataException>(action).Message;
}
