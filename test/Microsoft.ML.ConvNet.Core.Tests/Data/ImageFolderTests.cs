using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Folders of images, as they should be and not.</summary>
[TestClass]
public sealed class ImageFolderTests
{
    [TestMethod]
    public void Classes_and_images_come_in_the_order_of_their_names()
    {
        using ScratchFolder folder = new();
        folder.Touch("rose/b.PNG", "rose/a.jpg", "poppy/1.bmp", "poppy/10.gif", "poppy/2.jpeg");
        folder.Touch("poppy/notes.txt", ".cache/x.png", "rose/.c.png");

        ImageFolder images = ImageFolder.ForTraining(folder.Path);

        CollectionAssert.AreEqual(new[] { "poppy", "rose" }, images.ClassNames.ToArray());
        CollectionAssert.AreEqual(
            new[] { "0 1.bmp", "0 10.gif", "0 2.jpeg", "1 a.jpg", "1 b.PNG" },
            images.Images.Select(image => $"{image.Label} {Path.GetFileName(image.Path)}").ToArray());
    }

    [TestMethod]
    public void Files_that_are_no_images_by_their_names_or_hold_nothing_are_passed_over_and_listed()
    {
        using ScratchFolder folder = new();
        folder.Touch("rose/a.webp", "rose/b.jfif", "rose/c.tif", "poppy/1.jpe", "poppy/2.ico", "poppy/notes.txt");
        File.WriteAllBytes(folder["poppy/empty.png"], []);

        ImageFolder images = ImageFolder.ForTraining(folder.Path);

        CollectionAssert.AreEqual(
            new[] { "1.jpe", "2.ico", "a.webp", "b.jfif" }, images.Images.Select(image => Path.GetFileName(image.Path)).ToArray());
        CollectionAssert.AreEqual(
            new[] { folder["poppy/empty.png"], folder["poppy/notes.txt"], folder["rose/c.tif"] }, images.PassedOver.ToArray());
    }

    [TestMethod]
    public void A_missing_folder_is_named()
    {
        using ScratchFolder folder = new();
        folder.Touch("file");
        Assert.Contains(
            folder["none"], Assert.ThrowsExactly<DirectoryNotFoundException>(() => ImageFolder.ForTraining(folder["none"])).Message);
        Assert.Contains(
            "Received: a file", Assert.ThrowsExactly<DirectoryNotFoundException>(() => ImageFolder.ForTraining(folder["file"])).Message);
    }

    [TestMethod]
    [DataRow("a.png b.png", "with 2 images and no subfolder")]
    [DataRow("rose/readme.txt poppy/readme.txt", "Received: 2 subfolders without an image")]
    [DataRow("rose/a.png rose/b.png poppy/a.png", "\"poppy\" needs at least two images")]
    [DataRow("rose/a.png rose/b.png poppy/a.png", "Received: one.")]
    [DataRow("rose/a.png rose/b.png poppy/a.txt", "Received: none.")]
    [DataRow("rose/a.png rose/b.png", "Received: one, \"rose\"")]
    public void Too_few_classes_or_images_are_an_error(string files, string message)
    {
        using ScratchFolder folder = new();
        folder.Touch(files.Split(' '));
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.ForTraining(folder.Path));
        Assert.Contains(message, error.Message);
        Assert.Contains(folder.Path, error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public void Evaluation_takes_the_numbers_of_the_models_classes()
    {
        using ScratchFolder folder = new();
        folder.Touch("rose/a.png");
        ImageFolder images = ImageFolder.ForEvaluation(folder.Path, ["poppy", "rose", "tulip"]);
        Assert.AreEqual(1, images.Images.Single().Label);
        Assert.HasCount(3, images.ClassNames);
        Assert.AreEqual(0, ImageFolder.ForEvaluation(folder.Path).Images.Single().Label);
    }

    [TestMethod]
    public void Evaluation_refuses_a_class_that_the_model_does_not_know()
    {
        using ScratchFolder folder = new();
        folder.Touch("rose/a.png");
        InvalidDataException error =
            Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.ForEvaluation(folder.Path, ["poppy", "tulip"]));
        Assert.Contains("poppy, tulip", error.Message);
        Assert.Contains("Received: \"rose\"", error.Message);
    }
}
