using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Files;
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

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_symbolic_link_stays_one_and_the_file_that_it_leads_to_is_replaced()
    {
        using ScratchFolder folder = new();
        folder.Touch("disk/store/v3", "disk/models/other");
        Directory.CreateSymbolicLink(folder["models"], folder["disk", "models"]);

        // What ".." means in a link is found out from where the link really lies: disk/models, not models.
        File.CreateSymbolicLink(folder["models", "latest"], "../store/v3");
        File.CreateSymbolicLink(folder["alias"], folder["models", "latest"]);
        AtomicFile.Write(folder["alias"], stream => stream.Write("one"u8));
        Assert.AreEqual("one", File.ReadAllText(folder["disk", "store", "v3"]));
        AtomicFile.WriteTo(folder["models", "latest"], path => File.WriteAllText(path, "two"));
        Assert.AreEqual("two", File.ReadAllText(folder["disk", "store", "v3"]));
        Assert.AreEqual("../store/v3", new FileInfo(folder["disk", "models", "latest"]).LinkTarget);
        Assert.AreEqual(folder["models", "latest"], new FileInfo(folder["alias"]).LinkTarget);
        Assert.HasCount(1, Directory.GetFiles(folder["disk", "store"]), "nothing temporary is left");

        File.CreateSymbolicLink(folder["dangling"], "new");
        AtomicFile.Write(folder["dangling"], stream => stream.Write("three"u8));
        Assert.AreEqual("three", File.ReadAllText(folder["new"]));
        File.CreateSymbolicLink(folder["circle"], "circle");
        Assert.ThrowsExactly<IOException>(() => AtomicFile.Write(folder["circle"], _ => { }));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    [DataRow(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [DataRow(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public void The_mode_of_a_file_that_is_replaced_is_kept_and_nobody_else_reads_it_meanwhile(UnixFileMode mode)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        using ScratchFolder folder = new();
        folder.Touch("file");
        File.SetUnixFileMode(folder["file"], mode);
        AtomicFile.Write(folder["file"], stream => RequireHidden());
        Assert.AreEqual(mode, File.GetUnixFileMode(folder["file"]));
        AtomicFile.WriteTo(folder["file"], path =>
        {
            RequireHidden();
            File.WriteAllText(path, "new");
            RequireHidden();
        });
        Assert.AreEqual(mode, File.GetUnixFileMode(folder["file"]));
        Assert.AreEqual("new", File.ReadAllText(folder["file"]));

        void RequireHidden()
        {
            string temporary = Directory.GetFiles(folder.Path, ".*").Single();
            Assert.AreEqual(UnixFileMode.None, File.GetUnixFileMode(temporary) & others);
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task What_is_no_regular_file_is_written_to()
    {
        using ScratchFolder folder = new();
        string pipe = folder["pipe"];
        using (Process maker = Process.Start("mkfifo", [pipe]))
        {
            await maker.WaitForExitAsync();
        }

        // Before the work nothing is opened: a reader that already waits would see the end of the file.
        AtomicFile.RequireWritable(pipe);
        Task<string> first = Task.Run(() => File.ReadAllText(pipe));
        AtomicFile.Write(pipe, stream => stream.Write("one"u8));
        Assert.AreEqual("one", await first);
        Task<string> second = Task.Run(() => File.ReadAllText(pipe));
        AtomicFile.WriteTo(pipe, path => File.WriteAllText(path, "two"));
        Assert.AreEqual("two", await second);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path), "the pipe, and nothing temporary");

        AtomicFile.RequireWritable("/dev/null");
        AtomicFile.Write("/dev/null", stream => stream.Write("nothing"u8));
        File.CreateSymbolicLink(folder["null"], "/dev/null");
        AtomicFile.WriteTo(folder["null"], path => File.WriteAllText(path, "nothing"));
        Assert.AreEqual(0, new FileInfo("/dev/null").Length);
        Assert.IsEmpty(File.ReadAllText("/dev/null"));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_socket_is_no_file_to_write_and_stays_what_it_is()
    {
        using ScratchFolder folder = new();
        string path = folder["socket"];
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        File.CreateSymbolicLink(folder["link"], path);
        foreach (string name in (string[])[path, folder["link"]])
        {
            StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => AtomicFile.RequireWritable(name)).Message, "which is a socket");
            Assert.ThrowsExactly<IOException>(() => AtomicFile.Write(name, stream => stream.Write("one"u8)));
            Assert.ThrowsExactly<IOException>(() => AtomicFile.WriteTo(name, temporary => File.WriteAllText(temporary, "two")));
        }

        Assert.AreEqual(FileKind.Socket, FileTarget.Of(path).Kind);
        Assert.HasCount(2, Directory.GetFileSystemEntries(folder.Path), "the socket, the link, and nothing temporary");
    }

    [TestMethod]
    public void A_folder_is_no_file_to_write()
    {
        using ScratchFolder folder = new();
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => AtomicFile.RequireWritable(folder.Path)).Message, "which is a folder");
    }

    [TestMethod]
    public void What_a_killed_process_left_is_removed_by_the_next_writing()
    {
        using ScratchFolder folder = new();
        int dead;
        using (Process process = Process.Start("dotnet", ["--version"]))
        {
            process.WaitForExit();
            dead = process.Id;
        }

        string left = TemporaryFile.NameOf("file", dead);
        string leftUnderThisNumber = TemporaryFile.NameOf("file", Environment.ProcessId);
        using Process living = Process.GetProcessById(1);
        string[] others = [TemporaryFile.NameOf("file", living.Id), ".file.tmp", ".other.1-2-3.tmp", $".file.00000000-{dead:x}-00000000.tmp"];
        folder.Touch([left, leftUnderThisNumber, .. others]);
        AtomicFile.Write(folder["other"], stream =>
        {
            stream.Write("one"u8);
            AtomicFile.Write(folder["file"], inner => inner.Write("two"u8));
        });
        string[] expected = [.. others, "file", "other"];
        CollectionAssert.AreEquivalent(expected, Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
    }
}
