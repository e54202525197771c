using Google.Protobuf;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Format;

/// <summary>Files that are damaged or ask for too much are refused with a message that says why.</summary>
[TestClass]
public sealed class FileLimitTests
{
    [TestMethod]
    public void A_file_that_is_no_protobuf_message_is_refused() =>
        Refused(() => OnnxModel.Load(new MemoryStream([0xff, 0xff, 0xff, 0xff, 0xff])), "protobuf message");

    [TestMethod]
    public void A_file_that_is_cut_short_is_refused()
    {
        byte[] file = Relu().ToByteArray();
        Refused(() => OnnxModel.Load(new MemoryStream(file[..(file.Length - 3)])), "protobuf message");
    }

    [TestMethod]
    public void A_message_without_a_graph_is_refused() => Refused(() => new ModelProto { IrVersion = 8 }.Read(), "has a graph");

    [TestMethod]
    public void Weights_in_another_file_are_refused()
    {
        ModelProto model = Relu().WithFloats("w", [1], 1);
        model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External;
        Refused(() => model.Read(), "\"w\": its data stand in the file itself");
    }

    [TestMethod]
    public void A_tensor_whose_dimensions_ask_for_more_than_it_has_takes_no_memory()
    {
        ModelProto model = Relu().WithFloats("w", [1], 1);
        model.Graph.Initializer[0].Dims[0] = int.MaxValue;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(() => model.Read(), "take 2,147,483,647 elements. Received: 1");
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Dimensions_whose_product_overflows_are_refused()
    {
        ModelProto model = Relu().WithFloats("w", [1], 1);
        model.Graph.Initializer[0].Dims.Clear();
        model.Graph.Initializer[0].Dims.AddRange([1L << 31, 1L << 31, 1L << 31]);
        Refused(() => model.Read(), "their product at most");
    }

    [TestMethod]
    public void Raw_bytes_that_are_not_as_many_as_the_dimensions_say_are_refused()
    {
        ModelProto model = Relu().WithFloats("w", [2], 1, 2);
        model.Graph.Initializer[0].FloatData.Clear();
        model.Graph.Initializer[0].RawData = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7);
        Refused(() => model.Read(), "take 8 bytes. Received: 7");
    }

    [TestMethod]
    public void Two_initializers_of_one_name_are_refused() =>
        Refused(() => Relu().WithFloats("w", [1], 1).WithFloats("w", [1], 2).Read(), "\"w\" twice");

    [TestMethod]
    public void Sparse_initializers_are_refused()
    {
        ModelProto model = Relu();
        model.Graph.SparseInitializer.Add(new SparseTensorProto());
        Refused(() => model.Read(), "dense tensors");
    }

    [TestMethod]
    public void Elements_are_read_from_the_lists_of_their_types()
    {
        TensorProto half = new() { DataType = (int)OnnxElementType.Float16 };
        half.Dims.Add(2);
        half.Int32Data.AddRange([BitConverter.HalfToUInt16Bits((Half)1.5f), BitConverter.HalfToUInt16Bits((Half)(-2))]);
        CollectionAssert.AreEqual(new[] { 1.5f, -2 }, TensorReader.Read(half, "test").ToArray());

        TensorProto truth = new() { DataType = (int)OnnxElementType.Bool, RawData = ByteString.CopyFrom(1, 0, 1) };
        truth.Dims.Add(3);
        CollectionAssert.AreEqual(new[] { 1f, 0, 1 }, TensorReader.Read(truth, "test").ToArray());

        TensorProto wide = new() { DataType = (int)OnnxElementType.Double };
        wide.Dims.Add(1);
        wide.DoubleData.Add(0.25);
        CollectionAssert.AreEqual(new[] { 0.25f }, TensorReader.Read(wide, "test").ToArray());
    }

    [TestMethod]
    public void A_loaded_model_says_what_it_is()
    {
        ModelProto written = Relu();
        written.ProducerName = "someone";
        written.ProducerVersion = "1.2";
        OnnxModel model = written.Read();

        Assert.AreEqual(17, model.OpsetVersion);
        Assert.AreEqual("someone 1.2", model.Producer);
        Assert.AreEqual("\"x\": Float [?, 2, 3, 3]", model.Inputs[0].ToString());
        CollectionAssert.AreEqual(new[] { "Relu" }, model.Operators.ToArray());
    }

    private static ModelProto Relu() => Graphs.Model([-1, 2, 3, 3], "y", Graphs.Node("Relu", ["x"], "y"));

    private static void Refused(Action action, string reason) =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(action).Message, reason);
}
