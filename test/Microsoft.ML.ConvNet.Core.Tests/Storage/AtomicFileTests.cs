using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

/// <summary>Files that are there as a whole or not at all.</summary>
[TestClass]
public sealed class AtomicFileTests
{
    [TestMethod]
    public void A_file_takes_the_place_of_what_was_there()
    {
        using ScratchFolder folder = new();
        string path = folder["file"];
        AtomicFile.Write(path, stream => stream.Write("one"u8));
        Assert.AreEqual("one", File.ReadAllText(path));
        AtomicFile.WriteTo(path, temporary => File.WriteAllText(temporary, "two"));
        Assert.AreEqual("two", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(folder.Path), "nothing temporary is left");
    }

    [TestMethod]
    public void Where_writing_fails_what_was_there_is_left()
    {
        using ScratchFolder folder = new();
        string path = folder["file"];
        File.WriteAllText(path, "before");
        Assert.ThrowsExactly<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.ThrowsExactly<InvalidOperationException>(() => AtomicFile.WriteTo(path, temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new InvalidOperationException();
        }));
        Assert.AreEqual("before", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(folder.Path), "nothing temporary is left");
    }

    [TestMethod]
    public void Whether_a_file_can_be_written_is_known_before_and_leaves_no_trace()
    {
        using ScratchFolder folder = new();
        AtomicFile.RequireWritable(folder["file"]);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
        string nowhere = folder["none", "file"];
        string message = Assert.ThrowsExactly<DirectoryNotFoundException>(() => AtomicFile.RequireWritable(nowhere)).Message;
        Assert.Contains("there is no folder", message);
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => AtomicFile.Write(nowhere, _ => { }));
    }
}
