using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Core.Tests.Training.Checkpoints;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Files;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Core.Tests.Files;

/// <summary>Readers that need a length, go back, or hold all in memory take regular files only, of no more bytes than they say.</summary>
[TestClass]
public sealed class RegularFileTests : IDisposable
{
    private const string TooMuch = "is a text file of at most 1,048,576 bytes. Received: ";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("file", null)]
    [DataRow("none", "which does not exist")]
    [DataRow("", "which is a folder")]
    [DataRow("pipe", "which is a named pipe")]
    [DataRow("link", "which is a named pipe")]
    [DataRow("/dev/null", "which is a device")]
    [DataRow("/dev/stdin", "which is an open file of a process")]
    public void What_is_no_regular_file_is_told_without_opening_it(string name, string? fault)
    {
        _folder.Touch("file");
        File.CreateSymbolicLink(_folder["link"], Pipe("pipe"));
        Assert.AreEqual(fault, RegularFile.FaultOf(_folder[name]));
        Assert.AreEqual(fault ?? "which has 1", RegularFile.FaultOf(_folder[name], mostBytes: 0));
        Assert.IsFalse(RegularFile.BeginsWith(_folder[name], [1]));
        Assert.AreEqual(fault is null, RegularFile.BeginsWith(_folder[name], [0]));
    }

    [TestMethod]
    public void A_file_begins_with_bytes_that_it_has()
    {
        File.WriteAllText(_folder["file"], "PK");
        Assert.IsTrue(RegularFile.BeginsWith(_folder["file"], "PK"u8));
        Assert.IsTrue(RegularFile.BeginsWith(_folder["file"], []));
        Assert.IsFalse(RegularFile.BeginsWith(_folder["file"], "PK\u0003"u8));
        Assert.IsFalse(RegularFile.BeginsWith(_folder["file"], "P_"u8));
    }

    [TestMethod]
    public void Links_in_a_circle_are_a_fault()
    {
        File.CreateSymbolicLink(_folder["circle"], "circle");
        StringAssert.StartsWith(RegularFile.FaultOf(_folder["circle"]), "which cannot be reached: ");
    }

    [TestMethod]
    public void Small_texts_are_read_up_to_a_megabyte()
    {
        string text = new StringBuilder().Insert(0, new string('x', 1023) + "\n", 1024).ToString();
        File.WriteAllText(_folder["text"], text);
        Assert.AreEqual(1024, RegularFile.ReadLines(_folder["text"], "A poem").Count());
        File.AppendAllText(_folder["text"], "\n");
        Assert.AreEqual(
            $"A poem {TooMuch}\"{_folder["text"]}\", which has 1,048,577.",
            Assert.ThrowsExactly<InvalidDataException>(() => RegularFile.ReadLines(_folder["text"], "A poem")).Message);
    }

    [TestMethod]
    public void Names_of_classes_are_not_read_from_a_file_that_would_fill_the_memory()
    {
        Cifar();
        using (FileStream names = File.Create(_folder["batches.meta.txt"]))
        {
            names.SetLength(1L << 21);
        }

        StringAssert.Contains(Error(() => CifarReader.ReadClassNames(_folder.Path)), TooMuch);
    }

    [TestMethod]
    [Timeout(20_000)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Names_of_classes_are_not_read_from_a_pipe()
    {
        Cifar();
        string names = Pipe("batches.meta.txt");
        StringAssert.Contains(Error(() => CifarReader.ReadClassNames(_folder.Path)), $"\"{names}\", which is a named pipe.");
        _folder.Touch("a-train-images-idx3-ubyte", "a-train-labels-idx1-ubyte");
        string mapping = Pipe("a-mapping.txt");
        StringAssert.Contains(
            Error(() => IdxReader.ReadClassNames(_folder["a-train-images-idx3-ubyte"], 3)), $"A mapping of labels {TooMuch}\"{mapping}\", which is a named pipe.");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void What_a_process_has_open_has_no_length_to_hold_digits_or_parts_to()
    {
        File.WriteAllText(_folder["file"], "cat/1.png");
        _folder.Touch("images/cat/1.png", "images/cat/2.png", "images/dog/1.png", "images/dog/2.png");
        using FileStream file = File.OpenRead(_folder["file"]);
        string open = $"/dev/fd/{file.SafeFileHandle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture)}";
        string fault = $"Received: \"{open}\", which is an open file of a process.";
        StringAssert.Contains(Error(() => IdxReader.Read(open, _folder["file"])), fault);
        StringAssert.Contains(Error(() => ImageFolder.ForTraining(_folder["images"], open)), fault);
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => NetworkFile.Load(open)).Message, fault);
    }

    [TestMethod]
    [Timeout(20_000)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_model_is_not_read_from_a_pipe()
    {
        string pipe = Pipe("model.zip");
        Assert.AreEqual(
            $"A model file is a regular file. Received: \"{pipe}\", which is a named pipe.",
            Assert.ThrowsExactly<ModelFormatException>(() => NetworkFile.Load(pipe)).Message);
    }

    [TestMethod]
    [Timeout(60_000)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_pipe_among_checkpoints_is_passed_over()
    {
        byte[] expected = StoppableTraining.Train(StoppableTraining.Options(), out _);
        _ = StoppableTraining.TrainUntil(1, StoppableTraining.Options(), _folder.Path);
        string pipe = Pipe("step-000000099.checkpoint");
        List<string> warnings = [];
        byte[] received = StoppableTraining.Train(
            StoppableTraining.Options() with { Callbacks = [StoppableTraining.Saving(_folder.Path)], Warned = warnings.Add }, out _);
        CollectionAssert.AreEqual(expected, received);
        StringAssert.StartsWith(warnings[0], $"A checkpoint is a regular file. Received: \"{pipe}\", which is a named pipe. The training goes on from ");
    }

    private static string Error(Func<object> read) => Assert.ThrowsExactly<InvalidDataException>(read).Message;

    private void Cifar() => File.WriteAllBytes(_folder["test_batch.bin"], new byte[1 + (32 * 32 * 3)]);

    private string Pipe(string name)
    {
        using Process maker = Process.Start("mkfifo", [_folder[name]]);
        maker.WaitForExit();
        return _folder[name];
    }
}
