using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Format;

/// <summary>A named pipe is refused, for who opens one waits until somebody writes; what a shell hands over is read.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class PipeTests
{
    private static readonly ModelProto Model = Graphs.Model([1, 4], "y", Graphs.Node("Relu", ["x"], "y"));

    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-onnx-pipe-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [Timeout(60_000)]
    public void A_named_pipe_is_no_model_nor_tensor()
    {
        string pipe = Path.Combine(_folder, "model.onnx");
        using (Process maker = Process.Start("mkfifo", [pipe]))
        {
            maker.WaitForExit();
        }

        string link = Path.Combine(_folder, "link.onnx");
        File.CreateSymbolicLink(link, "model.onnx");
        StringAssert.Contains(
            Assert.ThrowsExactly<ModelFormatException>(() => OnnxModel.Load(pipe)).Message,
            $"An ONNX model is read from a regular file. Received: \"{pipe}\", which is a named pipe.");
        Assert.ThrowsExactly<ModelFormatException>(() => OnnxModel.Load(link));
        Assert.ThrowsExactly<ModelFormatException>(() => OnnxTensor.Load(pipe));
    }

    [TestMethod]
    public void An_open_file_is_read_by_its_number()
    {
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, Model.ToByteArray());
        using FileStream file = File.OpenRead(path);

        Assert.HasCount(1, OnnxModel.Load($"/dev/fd/{Number(file.SafeFileHandle)}").Outputs);
    }

    [TestMethod]
    [Timeout(60_000)]
    public void What_another_program_writes_is_read_by_the_number_of_its_pipe()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        Task writing = Task.Run(() =>
        {
            pipe.Write(Model.ToByteArray());
            pipe.Dispose();
        });
        Assert.HasCount(1, OnnxModel.Load($"/dev/fd/{Number(pipe.ClientSafePipeHandle)}").Outputs);
        writing.Wait();
    }

    private static string Number(System.Runtime.InteropServices.SafeHandle handle) =>
        handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
}
