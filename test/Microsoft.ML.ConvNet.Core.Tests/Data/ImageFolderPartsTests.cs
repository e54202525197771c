using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Folders within the folders of classes, parts as folders, and parts as a file lists them.</summary>
[TestClass]
public sealed class ImageFolderPartsTests
{
    [TestMethod]
    public void Images_in_folders_within_the_one_of_a_class_are_of_the_class()
    {
        using ScratchFolder folder = new();
        folder.Touch("cat/a.png", "cat/2019/b.png", "cat/2019/may/c.png", "dog/only/here/d.png", "dog/only/e.png", "dog/.hidden/f.png");

        ImageFolder images = ImageFolder.ForTraining(folder.Path);

        CollectionAssert.AreEqual(
            new[] { "0 cat/2019/b.png", "0 cat/2019/may/c.png", "0 cat/a.png", "1 dog/only/e.png", "1 dog/only/here/d.png" }, Listed(images));
        Assert.IsEmpty(images.PassedOver);
    }

    [TestMethod]
    public void Images_of_no_class_are_passed_over_and_named()
    {
        using ScratchFolder folder = new();
        folder.Touch("x.png", "readme.txt", "cat/a.png", "cat/b.png", "dog/a.png", "dog/b.png");
        CollectionAssert.AreEqual(new[] { folder["x.png"] }, ImageFolder.ForTraining(folder.Path).PassedOver.ToArray());
    }

    [TestMethod]
    [DataRow("train", "test", "test")]
    [DataRow("Training", "val", "val")]
    public void A_folder_of_parts_is_trained_with_one_and_evaluated_with_the_other(string training, string other, string evaluated)
    {
        using ScratchFolder folder = new();
        folder.Touch($"{training}/cat/a.png", $"{training}/cat/b.png", $"{training}/dog/c.png", $"{training}/dog/d.png", $"{other}/cat/e.png");
        ImageFolder images = ImageFolder.ForTraining(folder.Path);
        CollectionAssert.AreEqual(new[] { "cat", "dog" }, images.ClassNames.ToArray());
        Assert.HasCount(4, images.Images);
        Assert.AreEqual(folder[training], images.Path);
        Assert.AreEqual(folder[evaluated, "cat", "e.png"], ImageFolder.ForEvaluation(folder.Path, images.ClassNames).Images.Single().Path);
    }

    [TestMethod]
    [DataRow("train", "training", "")]
    [DataRow("TRAIN", "train", "test")]
    [DataRow("val", "validation", "train")]
    [DataRow("test", "testing", "train")]
    public void Two_folders_of_the_same_part_are_an_error_that_names_both(string one, string other, string third)
    {
        using ScratchFolder folder = new();
        string[] parts = [.. new[] { one, other, third }.Where(part => part.Length > 0)];
        folder.Touch([.. parts.SelectMany(part => (string[])[$"{part}/cat/a.png", $"{part}/cat/b.png", $"{part}/dog/a.png", $"{part}/dog/b.png"])]);
        if (Directory.GetDirectories(folder.Path).Length < parts.Length)
        {
            Assert.Inconclusive("The system's folders do not differ by the case of their names.");
        }

        foreach (Func<ImageFolder> list in (Func<ImageFolder>[])[() => ImageFolder.ForTraining(folder.Path), () => ImageFolder.ForEvaluation(folder.Path)])
        {
            Assert.Contains($"Received: \"{folder.Path}\", with \"{one}\" and \"{other}\".", Assert.ThrowsExactly<InvalidDataException>(list).Message);
        }
    }

    [TestMethod]
    public void Classes_that_are_called_as_parts_are_stay_classes()
    {
        using ScratchFolder folder = new();
        folder.Touch("train/a.png", "train/b.png", "test/a.png", "test/b.png");
        CollectionAssert.AreEqual(new[] { "test", "train" }, ImageFolder.ForTraining(folder.Path).ClassNames.ToArray());
        using ScratchFolder vehicles = new();
        vehicles.Touch("train/old/a.png", "train/old/b.png", "bus/a.png", "bus/b.png");
        CollectionAssert.AreEqual(new[] { "bus", "train" }, ImageFolder.ForTraining(vehicles.Path).ClassNames.ToArray());
    }

    [TestMethod]
    public void A_list_of_images_is_the_part_with_or_without_extensions_and_further_images_are_counted()
    {
        using ScratchFolder folder = new();
        folder.Touch("cat/1.png", "cat/2.png", "cat/3.png", "dog/1.jpg", "dog/in/2.jpg", "dog/3.v2.jpg");
        File.WriteAllText(folder["train.txt"], "# Food-101 has no extensions\ncat/1\n\n./cat/2.png\ndog\\1.jpg\ndog/in/2\n");

        ImageFolder images = ImageFolder.ForTraining(folder.Path, folder["train.txt"]);

        CollectionAssert.AreEqual(new[] { "0 cat/1.png", "0 cat/2.png", "1 dog/1.jpg", "1 dog/in/2.jpg" }, Listed(images));
        Assert.AreEqual(2, images.LeftOut);
        Assert.AreEqual(0, ImageFolder.ForTraining(folder.Path).LeftOut);
        Assert.HasCount(4, ImageFolder.ForEvaluation(folder.Path, splitFile: folder["train.txt"]).Images);
    }

    [TestMethod]
    [DataRow("test", "dog/3.png")]
    [DataRow("val", "cat/3.png")]
    public void A_list_of_several_parts_gives_each_its_own(string evaluated, string image)
    {
        using ScratchFolder folder = new();
        folder.Touch("cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png", "dog/2.png", "dog/3.png");
        string[] lines = ["cat/1.png\ttrain", "cat/2.png,train", "dog/1.png, training", "dog/2.png,train", "cat/3.png,val"];
        File.WriteAllLines(folder["parts.csv"], evaluated == "test" ? [.. lines, "dog/3.png,TEST"] : lines);
        Assert.HasCount(4, ImageFolder.ForTraining(folder.Path, folder["parts.csv"]).Images);
        ImageFolder held = ImageFolder.ForEvaluation(folder.Path, splitFile: folder["parts.csv"]);
        Assert.EndsWith(image, held.Images.Single().Path.Replace('\\', '/'));
    }

    [TestMethod]
    [DataRow("cat/1.png\ncat/9.png\n../other/a.png", "\"cat/9.png\" in line 2, \"../other/a.png\" in line 3")]
    [DataRow("cat/1.png,train\ncat/1.png,test", "\"cat/1.png\" in line 2 and in line 1")]
    [DataRow("\n# nothing\n", "Received: none")]
    [DataRow(",train", "Received: \"\" in line 1")]
    public void A_list_of_what_is_not_there_or_twice_is_an_error(string list, string message)
    {
        using ScratchFolder folder = new();
        folder.Touch("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png");
        File.WriteAllText(folder["list.txt"], list);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.ForTraining(folder.Path, folder["list.txt"]));
        Assert.Contains(message, error.Message);
        Assert.Contains(folder["list.txt"], error.Message);
        Assert.Contains(folder["none"], Assert.ThrowsExactly<FileNotFoundException>(() => ImageFolder.ForTraining(folder.Path, folder["none"])).Message);
    }

    [TestMethod]
    public void Images_get_the_numbers_of_a_longer_list_of_classes()
    {
        using ScratchFolder folder = new();
        folder.Touch("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png");
        ImageFolder images = ImageFolder.ForTraining(folder.Path).WithClasses(["ant", "dog", "cat"]);
        CollectionAssert.AreEqual(new[] { 2, 2, 1, 1 }, images.Images.Select(image => image.Label).ToArray());
        Assert.Contains("Received: \"dog\"", Assert.ThrowsExactly<InvalidDataException>(() => images.WithClasses(["cat", "ant"])).Message);
    }

    [TestMethod]
    public void Files_are_samples_by_what_reads_them()
    {
        ImageFile[] files = [new("a", 1), new("bb", 0)];
        ImageFileDataset dataset = new(files, 2, new Shape(1, 2, 1), (path, pixels) => pixels.Fill(path == "bb" ? 7 : throw new IOException("no")));
        float[] pixels = new float[2];
        dataset.ReadSample(1, pixels);
        CollectionAssert.AreEqual(new[] { 7f, 7 }, pixels);
        Assert.AreEqual(1, dataset.LabelOf(0));
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => dataset.ReadSample(0, pixels));
        Assert.Contains("Sample 0, \"a\", cannot be read: no", error.Message);
        Assert.Contains("Received: 1 of \"a\"", Assert.ThrowsExactly<ArgumentException>(() => new ImageFileDataset(files, 1, new Shape(1, 2, 1), (_, _) => { })).Message);
    }

    private static string[] Listed(ImageFolder folder) =>
        [.. folder.Images.Select(image => $"{image.Label} {Path.GetRelativePath(folder.Path, image.Path).Replace('\\', '/')}")];
}
