using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx.Format;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Export;

/// <summary>The names of classes go with a model, in its metadata.</summary>
[TestClass]
public sealed class ClassNameTests
{
    private static readonly string[] Odd = ["cat \"Tom\"", "it's\n\u001b[31mred\\", "\u732b \ud83d\ude3a"];

    [TestMethod]
    public void ONNX_Runtime_loads_a_model_with_names_and_gives_them()
    {
        byte[] file = Export(["cat", "it's a \"dog\"", "\u732b"]);
        using InferenceSession session = new(file);
        Assert.AreEqual("[\"cat\",\"it's a \\\"dog\\\"\",\"\u732b\"]", session.ModelMetadata.CustomMetadataMap["names"]);
        OnnxTensor given = new([2, 1, 4, 4], new float[32]);
        using OnnxNetwork imported = Load(file).Import();
        Assert.IsTrue(OnnxComparison.Of(OnnxRuntimePeer.Score(file, given), imported.Run(given), 1e-4, 1e-5).IsWithinTolerance);
    }

    [TestMethod]
    public void Names_are_read_as_they_were_given_whatever_is_in_them()
    {
        OnnxModel model = Load(Export(Odd));
        CollectionAssert.AreEqual(Odd, model.ClassNames!.ToArray());
        using OnnxNetwork network = model.Import();
        CollectionAssert.AreEqual(Odd, network.ClassNames!.ToArray());
        Assert.IsNull(Load(Export(null)).ClassNames);
    }

    [TestMethod]
    public void Names_that_stand_there_twice_are_told_apart_in_the_network()
    {
        OnnxModel model = Load(Export(["crane", "hen", "crane"]));
        CollectionAssert.AreEqual(new[] { "crane", "hen", "crane" }, model.ClassNames!.ToArray());
        using OnnxNetwork network = model.Import();
        CollectionAssert.AreEqual(new[] { "crane", "hen", "crane (2)" }, network.ClassNames!.ToArray());
    }

    [TestMethod]
    [DataRow("{0: 'person', 1: \"man's\", 2: 'it\\'s'}", "person|man's|it's", DisplayName = "a dictionary of Python, as Ultralytics writes it")]
    [DataRow("{2: 'c', 0: 'a', 1: 'b',}", "a|b|c")]
    [DataRow("{\"1\": \"b\", \"0\": \"a\\u00e9\"}", "a\u00e9|b", DisplayName = "an object of JSON")]
    [DataRow(" [ 'a' , \"b\\n\\/\" ] ", "a|b\n/")]
    [DataRow("['\\x41\\U0001F63A', '\\ud83d\\ude3a', '\\ud83d']", "A\ud83d\ude3a|\ud83d\ude3a|\ufffd")]
    [DataRow("", null)]
    [DataRow("cat,dog", null)]
    [DataRow("[]", null)]
    [DataRow("['a'", null)]
    [DataRow("['a' 'b']", null)]
    [DataRow("['a', 3]", null)]
    [DataRow("['a'] and more", null)]
    [DataRow("['a\\q']", null)]
    [DataRow("['a\\u12']", null)]
    [DataRow("{0: 'a', 2: 'b'}", null, DisplayName = "a class without a name")]
    [DataRow("{0: 'a', 0: 'b'}", null)]
    [DataRow("{0 'a'}", null)]
    [DataRow("{99999999999: 'a'}", null)]
    [DataRow("{", null)]
    public void Lists_and_dictionaries_are_read_and_what_is_neither_names_nothing(string text, string? names)
    {
        IReadOnlyList<string>? read = Load(WithNames(text)).ClassNames;
        Assert.AreEqual(names, read is null ? null : string.Join('|', read));
    }

    [TestMethod]
    public void A_pipeline_has_the_names_of_the_model_unless_others_are_given()
    {
        CollectionAssert.AreEqual(new[] { "a", "b", "a (2)" }, NamesInPipeline(Export(["a", "b", "a"])));
        CollectionAssert.AreEqual(new[] { "x", "y", "z" }, NamesInPipeline(Export(["a", "b", "a"]), "x", "y", "z"));
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, NamesInPipeline(Export(null)));
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, NamesInPipeline(WithNames("['one', 'two']")));
    }

    [TestMethod]
    public void Another_number_of_names_than_of_outputs_is_refused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Export(["a", "b"])).Message, "ClassNames are one name an output, 3. Received: 2.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Export(["a", null!, "b"])).Message, "one of which is null");
    }

    private static byte[] Export(IReadOnlyList<string>? names)
    {
        Network network = Network.Input(4, 4, 1).Flatten().Dense(3).Softmax();
        using Weights weights = Weights.Initialize(network, 1);
        using MemoryStream file = new();
        OnnxExport.Save(network, weights, file, new OnnxExportOptions { ClassNames = names });
        return file.ToArray();
    }

    private static byte[] WithNames(string text)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(Export(null));
        model.MetadataProps.Add(new StringStringEntryProto { Key = "task", Value = "classify" });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "names", Value = text });
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    private static OnnxModel Load(byte[] file)
    {
        using MemoryStream stream = new(file);
        return OnnxModel.Load(stream);
    }

    private static string[] NamesInPipeline(byte[] model, params string[] given)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("convnet-onnx-").FullName, "model.onnx");
        try
        {
            File.WriteAllBytes(file, model);
            MLContext context = new(seed: 1);
            IDataView data = context.Data.LoadFromEnumerable([new Row()]);
            using ConvNetTransformer transformer = context.Transforms
                .ConvNetFromOnnx("Score", "Features", file, given.Length == 0 ? null : given).Fit(data);
            return [.. transformer.ClassNames];
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    private sealed class Row
    {
        [VectorType(4, 4, 1)]
        public float[] Features { get; set; } = new float[16];
    }
}
