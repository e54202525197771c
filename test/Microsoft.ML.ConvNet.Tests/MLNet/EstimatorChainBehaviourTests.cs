using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>What ML.NET's chains do; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class EstimatorChainBehaviourTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Columns_are_checked_before_anything_is_fitted()
    {
        bool fitted = false;
        var chain = _ml.Transforms.CopyColumns("B", "A").WithOnFitDelegate(_ => fitted = true)
            .Append(_ml.Transforms.CopyColumns("D", "C"));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Data()));
        StringAssert.Contains(error.Message, "Could not find input column 'C'");
        Assert.IsFalse(fitted);
    }

    [TestMethod]
    public void Each_estimator_is_fitted_on_the_output_of_those_before()
    {
        TransformerChain<ColumnCopyingTransformer> model = _ml.Transforms.CopyColumns("B", "A")
            .Append(_ml.Transforms.CopyColumns("C", "B")).Fit(Data());
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, model.Transform(Data()).GetColumn<float>("C").ToArray());
        Assert.HasCount(2, model);
        Assert.IsNotNull(model.LastTransformer);
        Assert.IsTrue(((ITransformer)model).IsRowToRowMapper);
    }

    [TestMethod]
    public void The_schema_of_the_output_is_known_without_data()
    {
        TransformerChain<ColumnSelectingTransformer> model =
            _ml.Transforms.CopyColumns("B", "A").Append(_ml.Transforms.DropColumns("A")).Fit(Data());
        CollectionAssert.AreEqual(
            new[] { "Other", "B" }, model.GetOutputSchema(Data().Schema).Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void A_transformer_for_training_only_is_left_out_of_scoring()
    {
        TransformerChain<ITransformer> model = new EstimatorChain<ITransformer>()
            .Append<ITransformer>(_ml.Transforms.CopyColumns("B", "A"), TransformerScope.TrainTest)
            .Append<ITransformer>(_ml.Transforms.CopyColumns("C", "A")).Fit(Data());
        Assert.IsNull(model.Transform(Data()).Schema.GetColumnOrNull("B"));
        Assert.IsNotNull(model.Transform(Data(), TransformerScope.Training).Schema.GetColumnOrNull("B"));
        Assert.HasCount(1, model.GetModelFor(TransformerScope.Scoring));
    }

    [TestMethod]
    public void A_cache_checkpoint_keeps_what_comes_before_from_being_computed_twice()
    {
        int computed = 0;
        IEstimator<ITransformer> counted = _ml.Transforms.CustomMapping<Row, Out>(
            (row, target) =>
            {
                Interlocked.Increment(ref computed);
                target.B = row.A;
            },
            contractName: null);
        var reader = new TwicePassingEstimator(_ml);

        counted.Append(reader).Fit(Data());
        int without = computed;
        computed = 0;
        counted.AppendCacheCheckpoint(_ml).Append(reader).Fit(Data());

        Assert.AreEqual(6, without);
        Assert.AreEqual(3, computed);
    }

    [TestMethod]
    public void A_checkpoint_needs_something_before_it()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [TestMethod]
    public void The_row_mapper_of_a_chain_asks_only_for_what_its_output_needs()
    {
        ITransformer model = _ml.Transforms.CopyColumns("B", "A").Append(_ml.Transforms.CopyColumns("C", "B")).Fit(Data());
        IRowToRowMapper mapper = model.GetRowToRowMapper(Data().Schema);
        DataViewSchema.Column[] needed = [.. mapper.GetDependencies([mapper.OutputSchema["C"]])];
        CollectionAssert.AreEqual(new[] { "A" }, needed.Select(column => column.Name).ToArray());
    }

    private IDataView Data() =>
        _ml.Data.LoadFromEnumerable(new[] { new Row { A = 1 }, new Row { A = 2 }, new Row { A = 3 } });

    private sealed class Row
    {
        public float A { get; set; }

        public float Other { get; set; }
    }

    private sealed class Out
    {
        public float B { get; set; }
    }

    private sealed class TwicePassingEstimator(MLContext ml) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            for (int i = 0; i < 2; i++)
            {
                Assert.HasCount(3, input.GetColumn<float>("B"));
            }

            return ml.Transforms.CopyColumns("C", "B").Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
            ml.Transforms.CopyColumns("C", "B").GetOutputSchema(inputSchema);
    }
}
