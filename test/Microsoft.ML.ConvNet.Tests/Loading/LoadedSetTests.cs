using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Loading;

/// <summary>Published sets of images as rows: pixels as bytes, and classes as keys with their names.</summary>
[TestClass]
public sealed class LoadedSetTests
{
    private static readonly MLContext Context = new(seed: 1);

    [TestMethod]
    public void Idx_files_are_rows_of_bytes_with_keys()
    {
        using TestFolder folder = new();
        WriteIdx(folder, "train", [2, 0], [1, 2, 3, 4, 250, 251, 252, 255]);
        WriteIdx(folder, "t10k", [1], [9, 9, 9, 9]);

        IDataView training = Context.Data.LoadFromIdx(folder.Path);
        IDataView test = Context.Data.LoadFromIdx(folder.Path, DatasetPart.Test, "Pixels", "Digit");

        CollectionAssert.AreEqual(new[] { 2, 2, 1 }, ((VectorDataViewType)training.Schema["Image"].Type).Dimensions.ToArray());
        Assert.AreEqual(NumberDataViewType.Byte, ((VectorDataViewType)training.Schema["Image"].Type).ItemType);
        byte[][] images = [.. training.GetColumn<byte[]>("Image")];
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4 }, images[0]);
        CollectionAssert.AreEqual(new byte[] { 250, 251, 252, 255 }, images[1]);
        CollectionAssert.AreEqual(new uint[] { 3, 1 }, training.GetColumn<uint>("Label").ToArray());
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, KeyValues(training, "Label"));
        CollectionAssert.AreEqual(new uint[] { 2 }, test.GetColumn<uint>("Digit").ToArray());
        Assert.HasCount(4, test.GetColumn<byte[]>("Pixels").Single());
    }

    [TestMethod]
    public void A_named_file_of_images_is_loaded_with_the_characters_of_its_mapping()
    {
        using TestFolder folder = new();
        WriteIdx(folder, "emnist-letters-train", [1, 2], new byte[8]);
        File.WriteAllText(Path.Combine(folder.Path, "emnist-letters-mapping.txt"), "1 65 97\n2 66 98\n");
        IDataView rows = Context.Data.LoadFromIdx(Path.Combine(folder.Path, "emnist-letters-train-images-idx3-ubyte"));
        CollectionAssert.AreEqual(new[] { "0", "A", "B" }, KeyValues(rows, "Label"));
        CollectionAssert.AreEqual(new uint[] { 2, 3 }, rows.GetColumn<uint>("Label").ToArray());
    }

    [TestMethod]
    public void Records_of_CIFAR_are_rows_of_bytes_with_keys()
    {
        using TestFolder folder = new();
        byte[] record = new byte[3073];
        (record[0], record[1], record[1025], record[2049]) = (3, 10, 20, 30);
        File.WriteAllBytes(Path.Combine(folder.Path, "data_batch_1.bin"), record);
        IDataView rows = Context.Data.LoadFromCifar(folder.Path);
        CollectionAssert.AreEqual(new byte[] { 10, 20, 30 }, rows.GetColumn<byte[]>("Image").Single()[..3]);
        Assert.AreEqual(4u, rows.GetColumn<uint>("Label").Single());
        Assert.AreEqual("cat", KeyValues(rows, "Label")[3]);
        Assert.ThrowsExactly<FileNotFoundException>(() => Context.Data.LoadFromCifar(folder.Path, DatasetPart.Test));
    }

    [TestMethod]
    public void A_trainer_takes_what_was_loaded()
    {
        using TestFolder folder = new();
        byte[] pixels = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Repeat((byte)(i % 2 * 200), 4))];
        WriteIdx(folder, "train", [.. Enumerable.Range(0, 40).Select(i => (byte)(i % 2))], pixels);
        IDataView rows = Context.Data.LoadFromIdx(folder.Path);
        using ConvNetTransformer model = Context.MulticlassClassification.Trainers
            .ConvNet("Label", "Image", (input, classes) => input.Flatten().Dense(classes).Softmax(), epoch: 5).Fit(rows);
        Assert.AreEqual(1, Context.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy);
        CollectionAssert.AreEqual(new[] { "0", "1" }, model.ClassNames.ToArray());
    }

    [TestMethod]
    public void Image_files_are_rows_of_paths_with_keys()
    {
        using TestFolder folder = new();
        foreach (string name in new[] { "cat/1.png", "cat/deep/2.png", "dog/1.png", "dog/2.png" })
        {
            string path = Path.Combine(folder.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [0]);
        }

        IDataView rows = Context.Data.LoadFromImageFolder(folder.Path);
        CollectionAssert.AreEqual(
            new[] { "cat/1.png", "cat/deep/2.png", "dog/1.png", "dog/2.png" },
            rows.GetColumn<string>("ImagePath").Select(path => Path.GetRelativePath(folder.Path, path).Replace('\\', '/')).ToArray());
        CollectionAssert.AreEqual(new uint[] { 1, 1, 2, 2 }, rows.GetColumn<uint>("Label").ToArray());
        CollectionAssert.AreEqual(new[] { "cat", "dog" }, KeyValues(rows, "Label"));

        IDataView others = Context.Data.LoadFromImageFolder(folder.Path, classNames: ["dog", "ant", "cat"], pathColumnName: "File", labelColumnName: "Kind");
        CollectionAssert.AreEqual(new uint[] { 3, 3, 1, 1 }, others.GetColumn<uint>("Kind").ToArray());
        File.WriteAllText(Path.Combine(folder.Path, "list.csv"), "cat/1.png,test\ndog/1.png,train");
        IDataView test = Context.Data.LoadFromImageFolder(folder.Path, DatasetPart.Test, Path.Combine(folder.Path, "list.csv"));
        Assert.EndsWith("1.png", test.GetColumn<string>("ImagePath").Single());
    }

    [TestMethod]
    public void Two_columns_have_two_names()
    {
        using TestFolder folder = new();
        WriteIdx(folder, "train", [0, 1], new byte[8]);
        Assert.Contains(
            "columns of two names", Assert.ThrowsExactly<ArgumentException>(() => Context.Data.LoadFromIdx(folder.Path, imageColumnName: "Label")).Message);
    }

    private static string[] KeyValues(IDataView rows, string column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        rows.Schema[column].GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    /// <summary>Images of two rows of two pixels.</summary>
    private static void WriteIdx(TestFolder folder, string prefix, byte[] labels, byte[] pixels)
    {
        File.WriteAllBytes(
            Path.Combine(folder.Path, $"{prefix}-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, (byte)labels.Length, 0, 0, 0, 2, 0, 0, 0, 2, .. pixels]);
        File.WriteAllBytes(Path.Combine(folder.Path, $"{prefix}-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels]);
    }
}
