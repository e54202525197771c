using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>Graphs that are well-formed messages and ask for what cannot be are refused before memory is taken, with an error of a model.</summary>
[TestClass]
public sealed class HostileGraphTests
{
    [TestMethod]
    public void A_constant_that_is_expanded_beyond_reason_takes_no_memory() => RefusedCheaply(
        Image("y", Graphs.Node("Expand", ["one", "shape"], "wide"), Graphs.Node("Add", ["x", "wide"], "y"))
            .WithFloats("one", [1], 1).WithIntegers("shape", 65536, 65536),
        "at most 2,147,483,647 elements. Received: [65536, 65536]");

    [TestMethod]
    public void Whole_numbers_that_are_broadcast_beyond_reason_take_no_memory()
    {
        ModelProto model = Image("y",
                Graphs.Node("Unsqueeze", ["row", "axis"], "column"), Graphs.Node("Add", ["column", "row"], "table"),
                Graphs.Node("Reshape", ["x", "table"], "y"))
            .WithIntegers("row", new long[70_000]).WithIntegers("axis", 1);
        RefusedCheaply(model, "Received: [70000, 70000]", megabytes: 16);
    }

    [TestMethod]
    public void Positions_that_are_gathered_again_and_again_take_no_memory() => RefusedCheaply(
        Image("y", Graphs.Node("Gather", ["table", "many"], "rows"), Graphs.Node("Gather", ["rows", "many"], "all", Int("axis", 1)),
                Graphs.Node("Add", ["x", "all"], "y"))
            .WithFloats("table", [1, 1], 1).WithIntegers("many", new long[20_000]),
        "Received: [20000, 20000]", megabytes: 16);

    [TestMethod]
    public void A_constant_that_doubles_at_every_node_is_stopped()
    {
        const int Doublings = 40;
        NodeProto[] doubled = [.. Enumerable.Range(0, Doublings).Select(i =>
            Graphs.Node("Concat", [$"v{i}", $"v{i}"], $"v{i + 1}", Int("axis", 0)))];
        RefusedCheaply(
            Image("y", [.. doubled, Graphs.Node("Reshape", ["x", $"v{Doublings}"], "y")]).WithIntegers("v0", 1),
            "MaximumFoldedBytes", megabytes: 512);
    }

    [TestMethod]
    [DataRow("Dropout", "its input number 1 is one number. Received: Float [0]")]
    [DataRow("Clip", "its input number 1 is one number. Received: Float [0]")]
    public void A_number_that_is_missing_is_refused(string operation, string reason) =>
        Refused(Image("y", Graphs.Node(operation, ["x", "nothing"], "y")).WithFloats("nothing", [0]), reason);

    [TestMethod]
    public void Whole_numbers_added_to_a_product_are_refused() => Refused(
        Graphs.Model([2, 3], "y", Graphs.Node("Gemm", ["x", "w", "c"], "y")).WithFloats("w", [3, 2], 1, 2, 3, 4, 5, 6)
            .WithIntegers("c", 1, 2),
        "is of type Float. Received: Int64");

    [TestMethod]
    public void A_split_into_more_parts_than_there_are_is_refused() => Refused(
        Image("y", Graphs.Node("Split", ["x"], "y", Int("axis", 1), Int("num_outputs", int.MaxValue))).WithOpset(18),
        "the parts along axis 1 make up 3");

    [TestMethod]
    public void An_input_of_more_elements_than_an_array_holds_is_refused() => Refused(
        Graphs.Model([1, 65536, 65536, 4], "y", Graphs.Node("Relu", ["x"], "y")), "at most 2,147,483,647 elements");

    [TestMethod]
    public void A_batch_that_is_flattened_beyond_what_can_be_counted_is_refused() => Refused(
        Graphs.Model([int.MaxValue, 3, 4, 4], "y", Graphs.Node("Flatten", ["x"], "y", Int("axis", 2))), "Flatten \"node_y\"");

    [TestMethod]
    public void The_smallest_whole_number_has_no_absolute_value_and_ends_nothing() => Refused(
        Image("y", Graphs.Node("Abs", ["c"], "positive"), Graphs.Node("Reshape", ["x", "positive"], "y"))
            .WithIntegers("c", long.MinValue),
        "Reshape \"node_y\"");

    private static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static ModelProto Image(string output, params NodeProto[] nodes) => Graphs.Model([1, 3, 4, 4], output, nodes);

    private static void RefusedCheaply(ModelProto model, string reason, int megabytes = 4)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(model, reason);
        Assert.IsLessThan((long)megabytes << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Refused(ModelProto model, string reason)
    {
        OnnxModel read = model.Read();
        Exception exception = Assert.Throws<Exception>(() => read.Import());
        Assert.IsTrue(exception is OnnxImportException or ModelFormatException, exception.ToString());
        StringAssert.Contains(exception.Message, reason);
    }
}
