using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Files;

namespace Microsoft.ML.ConvNet.Core.Tests.Files;

/// <summary>What a path leads to is known before it is opened.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class FileTargetTests
{
    [TestMethod]
    [Timeout(60_000)]
    [DataRow("file", FileKind.Regular)]
    [DataRow("empty", FileKind.Regular)]
    [DataRow("folder", FileKind.Folder)]
    [DataRow("none", FileKind.None)]
    [DataRow("pipe", FileKind.Pipe)]
    [DataRow("socket", FileKind.Socket)]
    [DataRow("/dev/null", FileKind.Device)]
    [DataRow("/dev/stdin", FileKind.Open)]
    public void What_is_there_is_told_by_its_own_path_and_by_links(string name, FileKind kind)
    {
        using ScratchFolder folder = new();
        using Socket socket = Fill(folder);
        string path = folder[name];
        File.CreateSymbolicLink(folder["link"], path);
        File.CreateSymbolicLink(folder["second"], "link");
        Directory.CreateSymbolicLink(folder["folder", "back"], "..");
        foreach (string way in (string[])[path, folder["link"], folder["second"], folder["folder", "back", "second"]])
        {
            FileTarget target = FileTarget.Of(way);
            Assert.AreEqual(kind, target.Kind, way);
            Assert.AreEqual(name == "file" ? 3 : 0, target.Length, way);
            Assert.AreEqual(name == "file", FileTarget.HoldsSomething(way), way);
            Assert.AreEqual(kind is FileKind.Regular or FileKind.Open, target.IsFile, way);
        }
    }

    [TestMethod]
    public void What_a_process_has_open_is_not_asked_for_more()
    {
        using ScratchFolder folder = new();
        File.WriteAllText(folder["file"], "one");
        using FileStream file = File.OpenRead(folder["file"]);
        string number = file.SafeFileHandle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
        Assert.AreEqual(FileKind.Open, FileTarget.Of($"/dev/fd/{number}").Kind);
        Assert.AreEqual("one", File.ReadAllText($"/dev/fd/{number}"));
    }

    [TestMethod]
    public void Links_in_a_circle_lead_nowhere()
    {
        using ScratchFolder folder = new();
        File.CreateSymbolicLink(folder["circle"], "circle");
        Assert.ThrowsExactly<IOException>(() => FileTarget.Of(folder["circle"]));
        Assert.IsFalse(FileTarget.HoldsSomething(folder["circle"]));
    }

    [TestMethod]
    [Timeout(60_000)]
    public void Digits_are_not_read_from_a_pipe_that_nobody_writes_to()
    {
        using ScratchFolder folder = new();
        using Socket socket = Fill(folder);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => IdxReader.Read(folder["pipe"], folder["file"])).Message,
            "which is a named pipe");
        File.Move(folder["pipe"], folder["train-images-idx3-ubyte"]);
        File.Move(folder["file"], folder["train-labels-idx1-ubyte"]);
        Assert.ThrowsExactly<InvalidDataException>(() => IdxReader.ReadTraining(folder.Path));
    }

    private static Socket Fill(ScratchFolder folder)
    {
        File.WriteAllText(folder["file"], "one");
        File.WriteAllText(folder["empty"], string.Empty);
        Directory.CreateDirectory(folder["folder"]);
        using (Process maker = Process.Start("mkfifo", [folder["pipe"]]))
        {
            maker.WaitForExit();
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["socket"]));
        return socket;
    }
}
