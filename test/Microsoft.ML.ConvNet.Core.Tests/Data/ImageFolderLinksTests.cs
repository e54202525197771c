using Microsoft.ML.ConvNet.Data;

namespace Microsoft.ML.ConvNet.Core.Tests.Data;

/// <summary>Folders of images that have links to folders.</summary>
[TestClass]
public sealed class ImageFolderLinksTests
{
    [TestMethod]
    public void A_link_that_leads_back_is_passed_over_and_named()
    {
        using ScratchFolder folder = new();
        folder.Touch("outside.png", "images/cat/a.png", "images/cat/b.png", "images/dog/a.png", "images/dog/b.png");
        Link(folder, "images/cat/again", "images/cat");
        Link(folder, "images/dog/all", "images");
        Link(folder, "images/dog/world", ".");

        ImageFolder images = ImageFolder.ForTraining(folder["images"]);

        CollectionAssert.AreEqual(new[] { "0 cat/a.png", "0 cat/b.png", "1 dog/a.png", "1 dog/b.png" }, Listed(images));
        CollectionAssert.AreEqual(
            new[] { folder["images", "cat", "again"], folder["images", "dog", "all"], folder["images", "dog", "world"] }, images.PassedOver.ToArray());
    }

    [TestMethod]
    public void A_folder_is_read_by_its_own_path_whatever_links_lead_to_it()
    {
        using ScratchFolder folder = new();
        folder.Touch("cat/z/a.png", "cat/z/b.png", "dog/x/a.png", "dog/x/b.png");
        Link(folder, "cat/a", "cat/z");
        Link(folder, "cat/dogs", "dog");
        Link(folder, "cat/dogs.x", "dog/x");

        ImageFolder images = ImageFolder.ForTraining(folder.Path);

        CollectionAssert.AreEqual(new[] { "0 cat/z/a.png", "0 cat/z/b.png", "1 dog/x/a.png", "1 dog/x/b.png" }, Listed(images));
        CollectionAssert.AreEqual(new[] { folder["cat", "a"], folder["cat", "dogs"], folder["cat", "dogs.x"] }, images.PassedOver.ToArray());
    }

    [TestMethod]
    public void A_folder_elsewhere_is_read_once_by_the_first_link_to_it()
    {
        using ScratchFolder folder = new();
        folder.Touch("more/a.png", "more/in/b.png", "images/cat/c.png", "images/dog/d.png", "images/dog/e.png");
        Link(folder, "images/cat/2", "more");
        Link(folder, "images/cat/1", "more");
        Link(folder, "images/dog/0", "more/in");

        ImageFolder images = ImageFolder.ForTraining(folder["images"]);

        CollectionAssert.AreEqual(
            new[] { "0 cat/1/a.png", "0 cat/1/in/b.png", "0 cat/c.png", "1 dog/d.png", "1 dog/e.png" }, Listed(images));
        CollectionAssert.AreEqual(new[] { folder["images", "cat", "2"], folder["images", "dog", "0"] }, images.PassedOver.ToArray());
    }

    // Thirty folders elsewhere, each with a link to each of the others: more ways than could ever be gone.
    [TestMethod]
    [Timeout(60_000)]
    public void Folders_that_are_linked_to_each_other_are_read_once_each()
    {
        using ScratchFolder folder = new();
        const int count = 30;
        string[] names = [.. Enumerable.Range(0, count).Select(number => $"f{number:00}")];
        folder.Touch("images/cat/a.png", "images/cat/b.png", "images/dog/a.png", "images/dog/b.png");
        folder.Touch([.. names.Select(name => $"{name}/x.png")]);
        foreach (string name in names)
        {
            foreach (string other in names.Where(other => other != name))
            {
                Link(folder, $"{name}/{other}", other);
            }
        }

        Link(folder, "images/dog/more", "f07");

        ImageFolder images = ImageFolder.ForTraining(folder["images"]);

        Assert.AreEqual(4 + count, images.Images.Count);
        Assert.AreEqual(2 + count, images.Images.Count(image => image.Label == 1));
    }

    [TestMethod]
    [DataRow("dog", "Received: \"bird\" and \"dog\", which are the same folder.")]
    [DataRow(".", "Received: \"bird\", a link to a folder that it is in.")]
    [DataRow("..", "Received: \"bird\", a link to a folder that it is in.")]
    public void A_class_that_is_a_link_to_anothers_folder_or_to_all_is_an_error(string target, string message)
    {
        using ScratchFolder folder = new();
        folder.Touch("images/cat/a.png", "images/cat/b.png", "images/dog/a.png", "images/dog/b.png");
        Link(folder, "images/bird", $"images/{target}");
        Assert.Contains(message, Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.ForTraining(folder["images"])).Message);
    }

    [TestMethod]
    public void Classes_may_be_links_to_folders_elsewhere()
    {
        using ScratchFolder folder = new();
        folder.Touch("elsewhere/dogs/a.png", "elsewhere/dogs/in/b.png", "images/cat/a.png", "images/cat/b.png");
        Link(folder, "images/dog", "elsewhere/dogs");
        CollectionAssert.AreEqual(
            new[] { "0 cat/a.png", "0 cat/b.png", "1 dog/a.png", "1 dog/in/b.png" }, Listed(ImageFolder.ForTraining(folder["images"])));
    }

    private static void Link(ScratchFolder folder, string path, string target)
    {
        try
        {
            Directory.CreateSymbolicLink(folder[path], Path.GetFullPath(folder[target]));
        }
        catch (IOException exception)
        {
            Assert.Inconclusive(exception.Message);
        }
    }

    private static string[] Listed(ImageFolder folder) =>
        [.. folder.Images.Select(image => $"{image.Label} {Path.GetRelativePath(folder.Path, image.Path).Replace('\\', '/')}")];
}
