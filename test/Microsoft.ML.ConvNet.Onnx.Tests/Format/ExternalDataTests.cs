using System.Diagnostics;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Format;

/// <summary>Weights in files beside the model are read as if they stood inside; files elsewhere are not touched.</summary>
[TestClass]
public sealed class ExternalDataTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convnet-onnx-external-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_model_with_its_weights_in_another_file_scores_as_in_ONNX_Runtime()
    {
        float[] weights = ExportedNetworks.RandomNumbers(24, 3);
        float[] biases = ExportedNetworks.RandomNumbers(4, 4);
        WriteData("model.onnx.data", [0.5f, .. weights, .. biases]);
        string path = Write(("w", [6, 4], "model.onnx.data", "4", "96"), ("b", [4], "model.onnx.data", "100", null));
        OnnxTensor input = new([1, 6], ExportedNetworks.RandomNumbers(6, 5));

        using OnnxNetwork network = OnnxModel.Load(path).Import();

        OnnxComparison comparison = OnnxComparison.Of(network.Run(input), OnnxRuntimePeer.Score(path, input), 1e-5, 1e-6);
        Assert.IsTrue(comparison.IsWithinTolerance, comparison.ToString());
    }

    [TestMethod]
    [DataRow("../outside.data", null, null, "\"../outside.data\", which is elsewhere")]
    [DataRow("/etc/hostname", null, null, "which is elsewhere")]
    [DataRow("missing.data", null, null, "\"missing.data\", which is not there")]
    [DataRow("w.data\0", null, null, "which has control characters")]
    [DataRow("w\n.data", null, null, "which has control characters")]
    [DataRow("w.data", "8", null, "take 96 bytes. Received: 88")]
    [DataRow("w.data", "97", null, "within a file of 96 bytes, in which each stands once. Received: -1 bytes from 97 on")]
    [DataRow("w.data", "0", "97", "Received: 97 bytes from 0 on")]
    [DataRow("w.data", "-1", null, "the offset of its data is a number of bytes. Received: \"-1\"")]
    public void Data_that_are_not_where_they_should_be_are_refused(string location, string? offset, string? length, string reason)
    {
        WriteData("w.data", new float[24]);
        WriteData("b.data", new float[4]);
        string path = Write(("w", [6, 4], location, offset, length), ("b", [4], "b.data", null, null));

        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => OnnxModel.Load(path)).Message, reason);
    }

    [TestMethod]
    public void A_small_file_does_not_become_a_large_model()
    {
        WriteData("w.data", new float[24]);
        string path = Write([.. Enumerable.Range(0, 1_000).Select(i => ($"w{i}", new[] { 6, 4 }, "w.data", (string?)null, (string?)null))]);

        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => OnnxModel.Load(path)).Message, "\"w2\": its data are within");
    }

    [TestMethod]
    [Timeout(60_000)]
    public void A_pipe_beside_the_model_is_refused_and_not_waited_for()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no pipes in folders.");
        }

        using (Process maker = Process.Start("mkfifo", [Path.Combine(_folder, "w.data")]))
        {
            maker.WaitForExit();
        }

        File.CreateSymbolicLink(Path.Combine(_folder, "link.data"), "w.data");
        Refused("w.data", "which is empty, or no regular file");
        Refused("link.data", "which is empty, or no regular file");
    }

    [TestMethod]
    public void A_link_is_followed_within_the_folder_and_not_out_of_it()
    {
        string outside = Directory.CreateTempSubdirectory("convnet-onnx-outside-").FullName;
        try
        {
            WriteData(Path.Combine(outside, "secret.data"), new float[24]);
            WriteData("w.data", new float[24]);
            WriteData("b.data", new float[4]);
            LinkOrSkip("inside.data", "w.data");
            LinkOrSkip("leaving.data", Path.Combine(outside, "secret.data"));
            LinkOrSkip("twice.data", "leaving.data");
            Directory.CreateSymbolicLink(Path.Combine(_folder, "way"), outside);
            LinkOrSkip("circle.data", "circle.data");

            using OnnxNetwork network = OnnxModel.Load(Write(("w", [6, 4], "inside.data", null, null), ("b", [4], "b.data", null, null))).Import();
            Refused("leaving.data", "which is a link that leads elsewhere");
            Refused("twice.data", "which is a link that leads elsewhere");
            Refused("way/secret.data", "which is a link that leads elsewhere");
            Assert.ThrowsExactly<ModelFormatException>(
                () => OnnxModel.Load(Write(("w", [6, 4], "circle.data", null, null), ("b", [4], "b.data", null, null))));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [TestMethod]
    public void A_model_of_a_cache_of_downloads_is_a_link_and_so_are_its_weights()
    {
        WriteData("w.data", new float[24]);
        WriteData("b.data", new float[4]);
        _ = Write(("w", [6, 4], "w.data", null, null), ("b", [4], "b.data", null, null));
        string blobs = Directory.CreateDirectory(Path.Combine(_folder, "blobs")).FullName;
        string snapshot = Directory.CreateDirectory(Path.Combine(_folder, "snapshots", "1")).FullName;
        foreach (string name in new[] { "model.onnx", "w.data", "b.data" })
        {
            File.Move(Path.Combine(_folder, name), Path.Combine(blobs, $"of-{name}"));
            LinkOrSkip(Path.Combine(snapshot, name), Path.Combine("..", "..", "blobs", $"of-{name}"));
        }

        using OnnxNetwork network = OnnxModel.Load(Path.Combine(snapshot, "model.onnx")).Import();

        File.Copy(Path.Combine(blobs, "of-model.onnx"), Path.Combine(snapshot, "copy.onnx"));
        Exception error = Assert.ThrowsExactly<ModelFormatException>(() => OnnxModel.Load(Path.Combine(snapshot, "copy.onnx")));
        StringAssert.Contains(error.Message, "\"w.data\", which is a link that leads elsewhere");
    }

    private void Refused(string location, string reason)
    {
        string path = Write(("w", [6, 4], location, null, null), ("b", [4], location, null, null));
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => OnnxModel.Load(path)).Message, reason);
    }

    private void LinkOrSkip(string name, string target)
    {
        try
        {
            File.CreateSymbolicLink(Path.Combine(_folder, name), target);
        }
        catch (IOException) when (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Here only administrators make links.");
        }
    }

    private void WriteData(string name, float[] values) =>
        File.WriteAllBytes(Path.Combine(_folder, name), [.. values.SelectMany(BitConverter.GetBytes)]);

    private string Write(params (string Name, int[] Dimensions, string Location, string? Offset, string? Length)[] tensors)
    {
        ModelProto model = Graphs.Model([-1, 6], "y", Graphs.Node("Gemm", ["x", "w", "b"], "y"));
        foreach ((string name, int[] dimensions, string location, string? offset, string? length) in tensors)
        {
            TensorProto tensor = new() { Name = name, DataType = (int)OnnxElementType.Float, DataLocation = TensorProto.Types.DataLocation.External };
            tensor.Dims.AddRange(dimensions.Select(dimension => (long)dimension));
            foreach ((string key, string? value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            {
                if (value is not null)
                {
                    tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
                }
            }

            model.Graph.Initializer.Add(tensor);
        }

        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }
}
