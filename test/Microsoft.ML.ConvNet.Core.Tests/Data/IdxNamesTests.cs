using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>The names under which sets come that have the format of the MNIST database.</summary>
[TestClass]
public sealed class IdxNamesTests
{
    [TestMethod]
    [DataRow("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte")]
    [DataRow("emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte.gz")]
    [DataRow("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte.gz")]
    [DataRow("train-images.idx3-ubyte", "train-labels.idx1-ubyte")]
    [DataRow("mine-images-idx3-ubyte", "mine-labels-idx1-ubyte")]
    [DataRow("images-idx3-ubyte", "labels-idx1-ubyte")]
    public void A_set_is_found_under_any_beginning(string images, string labels)
    {
        using ScratchFolder folder = new();
        Write(folder, images, labels, 3);

        Assert.IsTrue(IdxReader.IsIdxFolder(folder.Path));
        Assert.IsTrue(IdxReader.IsIdxFile(folder[images]));
        Assert.IsFalse(IdxReader.IsIdxFile(folder[labels]));
        using InMemoryDataset inFolder = IdxReader.ReadTraining(folder.Path);
        using InMemoryDataset named = IdxReader.Read(folder[images]);
        Assert.AreEqual(3, inFolder.Count);
        Assert.AreEqual(3, named.Count);
    }

    [TestMethod]
    public void The_parts_are_told_apart_by_what_stands_before_images()
    {
        using ScratchFolder folder = new();
        Write(folder, "emnist-digits-train-images-idx3-ubyte.gz", "emnist-digits-train-labels-idx1-ubyte.gz", 4);
        Write(folder, "emnist-digits-test-images-idx3-ubyte.gz", "emnist-digits-test-labels-idx1-ubyte.gz", 2);
        using InMemoryDataset training = IdxReader.ReadTraining(folder.Path);
        using InMemoryDataset test = IdxReader.ReadTest(folder.Path);
        Assert.AreEqual(4, training.Count);
        Assert.AreEqual(2, test.Count);
    }

    [TestMethod]
    public void Names_of_the_database_itself_come_first()
    {
        using ScratchFolder folder = new();
        Write(folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", 4);
        Write(folder, "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte", 2);
        using InMemoryDataset training = IdxReader.ReadTraining(folder.Path);
        Assert.AreEqual(4, training.Count);
    }

    [TestMethod]
    public void Several_sets_in_a_folder_are_named_and_one_can_be_asked_for()
    {
        using ScratchFolder folder = new();
        Write(folder, "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte", 2);
        Write(folder, "emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte", 3);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => IdxReader.ReadTraining(folder.Path));
        Assert.Contains("\"emnist-digits-train-images-idx3-ubyte\", \"emnist-letters-train-images-idx3-ubyte\"", error.Message);
        using InMemoryDataset letters = IdxReader.Read(folder["emnist-letters-train-images-idx3-ubyte"]);
        Assert.AreEqual(2, letters.Count);
    }

    [TestMethod]
    public void A_part_is_no_other_part()
    {
        using ScratchFolder folder = new();
        Write(folder, "emnist-digits-test-images-idx3-ubyte", "emnist-digits-test-labels-idx1-ubyte", 2);
        Assert.ThrowsExactly<FileNotFoundException>(() => IdxReader.ReadTraining(folder.Path));
        Write(folder, "strain-images-idx3-ubyte", "strain-labels-idx1-ubyte", 3);
        using InMemoryDataset training = IdxReader.ReadTraining(folder.Path);
        Assert.AreEqual(3, training.Count);
    }

    [TestMethod]
    public void Missing_labels_are_named()
    {
        using ScratchFolder folder = new();
        Write(folder, "mine-images-idx3-ubyte", "mine-labels-idx1-ubyte", 2);
        File.Delete(folder["mine-labels-idx1-ubyte"]);
        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(() => IdxReader.ReadTraining(folder.Path));
        Assert.Contains("mine-labels-idx1-ubyte", error.Message);
        File.WriteAllBytes(folder["data"], IdxFile.Images(1, 1, 1, [0]));
        Assert.Contains("\"images-idx3-ubyte\"", Assert.ThrowsExactly<InvalidDataException>(() => IdxReader.Read(folder["data"])).Message);
    }

    /// <summary>The lines are those of EMNIST's own files: 65 is A, 97 a.</summary>
    [TestMethod]
    public void Labels_are_the_characters_of_a_mapping_beside_them_and_else_numbers()
    {
        using ScratchFolder folder = new();
        Write(folder, "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte", 3);
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, IdxReader.ReadClassNames(folder.Path, 3).ToArray());
        File.WriteAllText(folder["emnist-letters-mapping.txt"], "1 65 97\n2 66 98 \n\n");
        CollectionAssert.AreEqual(new[] { "0", "A", "B" }, IdxReader.ReadClassNames(folder.Path, 3).ToArray());
        CollectionAssert.AreEqual(
            new[] { "0", "A", "B" }, IdxReader.ReadClassNames(folder["emnist-letters-train-images-idx3-ubyte"], 3).ToArray());
    }

    [TestMethod]
    [DataRow("1 65\n1 66", "\"1 66\" in line 2")]
    [DataRow("3 65", "from 0 to 2")]
    [DataRow("one 65", "\"one 65\" in line 1")]
    [DataRow("1", "\"1\" in line 1")]
    [DataRow("1 55296", "in line 1")]
    [DataRow("1 65\n2 65", "\"A\" more than once")]
    public void A_mapping_that_is_none_is_an_error(string mapping, string message)
    {
        using ScratchFolder folder = new();
        Write(folder, "a-train-images-idx3-ubyte", "a-train-labels-idx1-ubyte", 3);
        File.WriteAllText(folder["a-mapping.txt"], mapping);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => IdxReader.ReadClassNames(folder.Path, 3));
        Assert.Contains(message, error.Message);
        Assert.Contains(folder["a-mapping.txt"], error.Message);
    }

    private static void Write(ScratchFolder folder, string images, string labels, int count)
    {
        void File(string name, byte[] bytes) =>
            System.IO.File.WriteAllBytes(folder[name], name.EndsWith(".gz", StringComparison.Ordinal) ? IdxFile.Compress(bytes) : bytes);

        File(images, IdxFile.Images(count, 1, 2, IdxFile.Counting(2 * count)));
        File(labels, IdxFile.Labels([.. Enumerable.Range(0, count).Select(i => (byte)i)]));
    }
}
