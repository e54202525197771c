using System.Diagnostics;
using Google.Protobuf;
using Microsoft.ML.ConvNet.Onnx.Export;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.ConvNet.Onnx.Tests.Format;
using Microsoft.ML.ConvNet.Storage;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>Files of some hundred bytes that ask for hours or gigabytes are refused at once, by an option that is named and can be raised.</summary>
[TestClass]
[DoNotParallelize]
public sealed class CostlyGraphTests
{
    /// <summary>The elements of 2 MiB.</summary>
    private const int Weights = 512 * 1024;

    private static readonly Dictionary<string, (Func<ModelProto> Model, string Reason)> Costly = new()
    {
        ["a convolution of constants"] = (
            () => Image(Filled("c", "image"), Filled("w", "filters"), Graphs.Node("Conv", ["c", "w"], "k"), Graphs.Node("GlobalAveragePool", ["k"], "g"),
                Graphs.Node("Add", ["x", "g"], "y")).WithIntegers("image", 1, 3, 512, 512).WithIntegers("filters", 3, 3, 101, 101),
            "MaximumFoldedMultiplyAdds. Received: 15,587,"),
        ["a pooling of constants"] = (
            () => Image(Filled("c", "image"), Graphs.Node("MaxPool", ["c"], "k", ExportGraph.Attribute("kernel_shape", [900, 900]),
                ExportGraph.Attribute("pads", [500, 500, 500, 500])),
                Graphs.Node("GlobalAveragePool", ["k"], "g"), Graphs.Node("Add", ["x", "g"], "y")).WithIntegers("image", 1, 3, 1000, 1000),
            "MaximumFoldedMultiplyAdds"),
        ["a product of constants"] = (
            () => Image(Filled("a", "square"), Graphs.Node("MatMul", ["a", "a"], "b"), Graphs.Node("MatMul", ["b", "b"], "d"),
                Graphs.Node("Reshape", ["d", "flat"], "r"), Graphs.Node("Add", ["x", "r"], "y"))
                .WithIntegers("square", 4000, 4000).WithIntegers("flat", 1, 1, 4000, 4000),
            "MaximumFoldedMultiplyAdds"),
        ["an image of 26,000 x 26,000"] = (
            () => Image(Graphs.Node("Resize", ["x", string.Empty, string.Empty, "sizes"], "y")).WithIntegers("sizes", 1, 3, 26_000, 26_000).WithOpset(18),
            "Received: 8,112,000,192; where that is wanted, raise NetworkLimits.MostBytesOfLayer."),
        ["rows that are gathered 30 million times"] = (
            () => Image(Filled("i", "many", isWhole: true), Graphs.Node("Gather", ["x", "i"], "y", ExportGraph.Attribute("axis", 3)))
                .WithIntegers("many", 30_000_000),
            "MaximumFoldedBytes. Received: [30000000], 240,000,000 bytes in all"),
        ["an image that is expanded"] = (
            () => Image(Graphs.Node("Expand", ["x", "shape"], "e"), Graphs.Node("ReduceMean", ["e"], "y", ExportGraph.Attribute("axes", [0])))
                .WithIntegers("shape", 32_000_000, 3, 4, 4),
            "MostBytesOfLayer"),
        ["padding of a hundred thousand pixels"] = (
            () => Image(Graphs.Node("Pad", ["x", "pads"], "p"), Graphs.Node("GlobalAveragePool", ["p"], "y"))
                .WithIntegers("pads", 0, 0, 10_000, 10_000, 0, 0, 10_000, 10_000),
            "MostBytesOfLayer"),
        ["nine images of a gigabyte at once"] = (
            () => Image([.. Enumerable.Range(0, 9).Select(i => Graphs.Node("Resize", ["x", string.Empty, string.Empty, "sizes"], $"r{i}")),
                .. Enumerable.Range(0, 9).Select(i => Graphs.Node("Reshape", [$"r{i}", "flat"], $"f{i}")),
                .. Enumerable.Range(1, 8).Select(i => Graphs.Node("Add", [i == 1 ? "f0" : $"s{i - 1}", $"f{i}"], i == 8 ? "y" : $"s{i}"))])
                .WithIntegers("sizes", 1, 3, 9_000, 9_000).WithIntegers("flat", 1, -1).WithOpset(18),
            "raise NetworkLimits.MostBytesOfActivations."),
        ["whole numbers without end"] = (
            () => Image(Filled("i", "many", isWhole: true), Graphs.Node("Reshape", ["x", "i"], "y")).WithIntegers("many", 2_000_000_000),
            "MaximumFoldedBytes"),
        ["a range without end"] = (
            () => Image(Graphs.Node("Range", ["zero", "end", "one"], "r"), Graphs.Node("Reshape", ["x", "r"], "y"))
                .WithNumber("zero", 0).WithNumber("end", 2_000_000_000).WithNumber("one", 1),
            "MaximumFoldedBytes"),
        ["weights that many nodes read"] = (
            () => Image([.. Enumerable.Range(0, 400).Select(i => Graphs.Node("Conv", [i == 0 ? "x" : $"v{i}", "w"], $"v{i + 1}",
                ExportGraph.Attribute("pads", [500, 500, 500, 500]))), Graphs.Node("Relu", ["v400"], "y")])
                .WithFloats("w", [3, 3, 1001, 1001], new float[9 * 1001 * 1001]),
            "MaximumWeightBytes"),
        ["weights that are turned again and again"] = (() => Repeated((input, output, _) => Graphs.Node("Transpose", [input], output)), "MaximumFoldedBytes"),
        ["weights whose type changes again and again"] = (
            () => Repeated((input, output, i) => Graphs.Node("Cast", [input], output, ExportGraph.Attribute("to", i % 2 == 0 ? 6 : 1))), "MaximumFoldedBytes"),
        ["weights that become truth values again and again"] = (
            () => Repeated((input, output, i) => Graphs.Node("Cast", [input], output, ExportGraph.Attribute("to", i % 2 == 0 ? 9 : 1))), "MaximumFoldedBytes"),
        ["weights that lose a row again and again"] = (
            () => Repeated((input, output, _) => Graphs.Node("Slice", [input, "first", "end"], output))
                .WithIntegers("first", 1).WithIntegers("end", int.MaxValue),
            "MaximumFoldedBytes"),
        ["weights that are rounded again and again"] = (() => Repeated((input, output, _) => Graphs.Node("Floor", [input], output)), "MaximumFoldedBytes"),
        ["weights that are split again and again"] = (SplitAgain, "MaximumFoldedBytes"),
        ["weights that each of many products turns"] = (
            () => Graphs.Model([4, 1], "y", [.. Enumerable.Range(0, 200).SelectMany(i => new[]
                {
                    Graphs.Node("Gemm", ["w", "x"], $"g{i}", ExportGraph.Attribute("transA", 1)),
                    Graphs.Node("ReduceMean", [$"g{i}"], $"m{i}"),
                }), Graphs.Node("Sum", [.. Enumerable.Range(0, 200).Select(i => $"m{i}")], "y")])
                .WithFloats("w", [4, 131_072], [.. Enumerable.Range(0, Weights).Select(i => (float)i)]),
            "MaximumFoldedBytes"),
        ["numbers that each of many products scales"] = (
            () => Graphs.Model([4, 1], "y", [.. Enumerable.Range(0, 200).SelectMany(i => new[]
                {
                    Graphs.Node("Gemm", ["x", "row", "w"], $"g{i}", ExportGraph.Attribute("beta", 0.5f)),
                    Graphs.Node("ReduceMean", [$"g{i}"], $"m{i}"),
                }), Graphs.Node("Sum", [.. Enumerable.Range(0, 200).Select(i => $"m{i}")], "y")])
                .WithFloats("row", [1, 131_072], new float[131_072])
                .WithFloats("w", [4, 131_072], [.. Enumerable.Range(0, Weights).Select(i => (float)i)]),
            "MaximumFoldedBytes"),
        ["numbers that many normalisations read"] = (
            () => Graphs.Model([1, 131_072, 1, 1], "y", [.. Enumerable.Range(0, 1_100).Select(i => Graphs.Node(
                "BatchNormalization", [i == 0 ? "x" : $"v{i}", "w", "w", "w", "w"], $"v{i + 1}")), Graphs.Node("Relu", ["v1100"], "y")])
                .WithFloats("w", [131_072], [.. Enumerable.Range(0, 131_072).Select(i => 1f + i)]),
            "MaximumWeightBytes"),
    };

    public static IEnumerable<object[]> Names => Costly.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_small_file_that_asks_for_too_much_is_refused_at_once(string name)
    {
        OnnxModel model = Costly[name].Model().Read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Exception error = Assert.Throws<Exception>(() => model.Import());

        // A second on a machine that does nothing else.
        Assert.IsLessThan(8, Stopwatch.GetElapsedTime(start).TotalSeconds);
        Assert.IsTrue(error is OnnxImportException or ModelFormatException, error.ToString());
        StringAssert.Contains(error.Message, Costly[name].Reason);
        Assert.IsLessThan(900L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void The_user_can_raise_the_limits()
    {
        ModelProto written = Image(Filled("c", "image"), Filled("w", "filters"), Graphs.Node("Conv", ["c", "w"], "k"), Graphs.Node("Add", ["x", "k"], "y"))
            .WithIntegers("image", 1, 3, 8, 8).WithIntegers("filters", 3, 3, 8, 8);
        OnnxImportOptions options = new() { MaximumFoldedMultiplyAdds = 1_000 };
        Assert.ThrowsExactly<OnnxImportException>(() => written.Read().Import(options));
        options.MaximumFoldedMultiplyAdds = 1_200;
        using OnnxNetwork network = written.Read().Import(options);
        float[] scores = network.Run(new OnnxTensor([1, 3, 4, 4], new float[48])).ToArray();
        Assert.IsTrue(scores.All(score => score == 192 * 0.25f), string.Join(", ", scores));
    }

    [TestMethod]
    public void Values_that_only_get_other_dimensions_take_no_memory()
    {
        using OnnxNetwork network = Repeated((input, output, i) => (i % 7) switch
        {
            0 => Graphs.Node("Flatten", [input], output, ExportGraph.Attribute("axis", 2)),
            1 => Graphs.Node("Squeeze", [input], output),
            2 => Graphs.Node("Cast", [input], output, ExportGraph.Attribute("to", 11)),
            3 => Graphs.Node("Cast", [input], output, ExportGraph.Attribute("to", 1)),
            4 => Graphs.Node("Slice", [input, "first", "end"], output),
            5 => Graphs.Node("Identity", [input], output),
            _ => Graphs.Node("Reshape", [input, "shape"], output),
        }).WithIntegers("first", 0).WithIntegers("end", int.MaxValue).WithIntegers("shape", 1024, 512).Read().Import();

        float mean = (Weights - 1) / 2f;
        float[] sums = network.Run(new OnnxTensor([1, 3, 4, 4], new float[48])).ToArray();
        Assert.IsTrue(sums.All(sum => Math.Abs(sum - mean) < 1), string.Join(", ", sums));
    }

    /// <summary>An image to which the mean of 2 MiB of weights is added, after something was done to them 700 times.</summary>
    private static ModelProto Repeated(Func<string, string, int, NodeProto> step)
    {
        const int Times = 700;
        return Image(
            [
                .. Enumerable.Range(0, Times).Select(i => step(i == 0 ? "w" : $"v{i}", $"v{i + 1}", i)),
                Graphs.Node("ReduceMean", [$"v{Times}"], "m", ExportGraph.Attribute("keepdims", 0)),
                Graphs.Node("Add", ["x", "m"], "y"),
            ]).WithFloats("w", [1024, 512], [.. Enumerable.Range(0, Weights).Select(i => (float)i)]);
    }

    private static ModelProto SplitAgain()
    {
        const int Times = 200;
        NodeProto Split(int i)
        {
            NodeProto split = Graphs.Node("Split", ["w"], $"a{i}");
            split.Output.Add($"b{i}");
            return split;
        }

        return Image(
            [
                .. Enumerable.Range(0, Times).SelectMany(i => new[] { Split(i), Graphs.Node("Shape", [$"a{i}"], $"s{i}") }),
                Graphs.Node("Concat", [.. Enumerable.Range(0, Times).Select(i => $"s{i}")], "s", ExportGraph.Attribute("axis", 0)),
                Graphs.Node("Cast", ["s"], "f", ExportGraph.Attribute("to", 1)),
                Graphs.Node("ReduceMean", ["f"], "m", ExportGraph.Attribute("keepdims", 0)),
                Graphs.Node("Add", ["x", "m"], "y"),
            ]).WithFloats("w", [1024, 512], [.. Enumerable.Range(0, Weights).Select(i => (float)i)]);
    }

    private static ModelProto Image(params NodeProto[] nodes) => Graphs.Model([1, 3, 4, 4], "y", nodes);

    /// <summary>Halves, or zeros that are whole.</summary>
    private static NodeProto Filled(string name, string shape, bool isWhole = false)
    {
        TensorProto value = new() { DataType = (int)(isWhole ? OnnxElementType.Int64 : OnnxElementType.Float) };
        value.Dims.Add(1);
        value.RawData = ByteString.CopyFrom(isWhole ? new byte[8] : BitConverter.GetBytes(0.5f));
        return Graphs.Node("ConstantOfShape", [shape], name,
            new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = value });
    }
}
