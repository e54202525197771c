using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>What ML.NET's prediction engines do; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class PredictionEngineBehaviourTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void A_prediction_is_what_the_model_gives_for_the_row()
    {
        TransformerChain<KeyToValueMappingTransformer> model = Model();
        using PredictionEngine<Input, Output> engine = _ml.Model.CreatePredictionEngine<Input, Output>(model);
        Output first = engine.Predict(new Input { Word = "b", Numbers = [1, 2] });
        Output second = engine.Predict(new Input { Word = "zzz", Numbers = [3, 4] });
        Assert.AreEqual("b", first.Again);
        CollectionAssert.AreEqual(new float[] { 1, 2, 1, 2 }, first.All);
        Assert.AreEqual("", second.Again);
        CollectionAssert.AreEqual(new float[] { 3, 4, 3, 4 }, second.All);
        Assert.IsNotNull(engine.OutputSchema.GetColumnOrNull("Key"));
    }

    [TestMethod]
    public void A_prediction_can_be_written_into_an_object_that_is_there()
    {
        using PredictionEngine<Input, Output> engine = _ml.Model.CreatePredictionEngine<Input, Output>(Model());
        var output = new Output { All = new float[4] };
        float[] array = output.All;
        engine.Predict(new Input { Word = "a", Numbers = [5, 6] }, ref output);
        Assert.AreSame(array, output.All);
        CollectionAssert.AreEqual(new float[] { 5, 6, 5, 6 }, array);
    }

    [TestMethod]
    public void Members_that_the_model_does_not_fill_are_ignored_unless_they_must_be_there()
    {
        TransformerChain<KeyToValueMappingTransformer> model = Model();
        using PredictionEngine<Input, Demanding> engine = _ml.Model.CreatePredictionEngine<Input, Demanding>(model);
        Assert.AreEqual(0f, engine.Predict(new Input { Word = "a", Numbers = [1, 2] }).Nowhere);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, Demanding>(model, ignoreMissingColumns: false));
    }

    [TestMethod]
    public void An_input_that_lacks_a_column_is_refused_when_the_engine_is_made()
    {
        Assert.Throws<Exception>(() => _ml.Model.CreatePredictionEngine<OnlyWord, Output>(Model()));
    }

    [TestMethod]
    public void An_input_schema_gives_types_that_attributes_do_not()
    {
        IDataView data = Data();
        using PredictionEngine<Input, Output> engine = _ml.Model.CreatePredictionEngine<Input, Output>(Model(), data.Schema);
        Assert.AreEqual("a", engine.Predict(new Input { Word = "a", Numbers = [1, 2] }).Again);
    }

    [TestMethod]
    public void Many_engines_share_a_model()
    {
        TransformerChain<KeyToValueMappingTransformer> model = Model();
        Parallel.For(0, 8, worker =>
        {
            PredictionEngine<Input, Output> engine = _ml.Model.CreatePredictionEngine<Input, Output>(
                model, new PredictionEngineOptions { OwnsTransformer = false });
            for (int i = 0; i < 200; i++)
            {
                Output output = engine.Predict(new Input { Word = i % 2 == 0 ? "a" : "b", Numbers = [worker, i] });
                Assert.AreEqual(i % 2 == 0 ? "a" : "b", output.Again);
                CollectionAssert.AreEqual(new float[] { worker, i, worker, i }, output.All);
            }
        });
    }

    [TestMethod]
    public void Each_prediction_is_computed_once()
    {
        var computed = new List<float>();
        ITransformer model = _ml.Transforms.CustomMapping<Input, Output>(
            (input, _) => computed.Add(input.Numbers![0]), contractName: null).Fit(Data());
        using PredictionEngine<Input, Output> engine = _ml.Model.CreatePredictionEngine<Input, Output>(model);
        _ = engine.Predict(new Input { Word = "a", Numbers = [1, 0] });
        _ = engine.Predict(new Input { Word = "a", Numbers = [2, 0] });
        CollectionAssert.AreEqual(new float[] { 1, 2 }, computed);
    }

    private TransformerChain<KeyToValueMappingTransformer> Model() => _ml.Transforms.Conversion.MapValueToKey("Key", "Word")
        .Append(_ml.Transforms.Concatenate("All", "Numbers", "Numbers"))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Again", "Key"))
        .Fit(Data());

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Input { Word = "a", Numbers = [0, 0] },
        new Input { Word = "b", Numbers = [0, 0] },
    });

    private sealed class Input
    {
        public string? Word { get; set; }

        [VectorType(2)]
        public float[]? Numbers { get; set; }
    }

    private sealed class OnlyWord
    {
        public string? Word { get; set; }
    }

    private sealed class Output
    {
        public string? Again { get; set; }

        public float[]? All { get; set; }
    }

    private sealed class Demanding
    {
        public string? Again { get; set; }

        public float Nowhere { get; set; }
    }
}
