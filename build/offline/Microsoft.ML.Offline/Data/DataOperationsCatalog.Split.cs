#nullable disable
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public TrainTestData TrainTestSplit(
        IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(testFraction is > 0 and < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        IDataView keyed = AddSplitColumn(data, samplingKeyColumnName, seed, out DataViewSchema.Column key);
        return Split(keyed, key, new ValueRange(0, testFraction));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        IDataView keyed = AddSplitColumn(data, samplingKeyColumnName, seed, out DataViewSchema.Column key);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => Split(
            keyed,
            key,
            new ValueRange((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds, includesUpper: true)))];
    }

    /// <summary>The rows whose key lies in the range are for testing, the others for training; neither has the key.</summary>
    private TrainTestData Split(IDataView keyed, DataViewSchema.Column key, ValueRange test)
    {
        IDataView Part(bool complement) => ColumnSelectingTransformer.CreateDrop(_env, key.Name)
            .Transform(new RangeFilter(_env, keyed, key, test with { Complement = complement }));
        return new TrainTestData(Part(complement: true), Part(complement: false));
    }

    /// <summary>
    /// Adds what the split goes by: a random number a row, or what makes rows with the same sampling key fall on the same side.
    /// </summary>
    private IDataView AddSplitColumn(IDataView data, string samplingKey, int? seed, out DataViewSchema.Column key)
    {
        string name = FreeName(data.Schema);
        int? chosen = seed ?? ((IHostEnvironmentInternal)_env).Seed;
        IDataView keyed;
        if (samplingKey is null)
        {
            keyed = new RandomColumnDataView(_env, data, name, (uint?)chosen ?? RandomColumnDataView.DefaultSeed);
        }
        else
        {
            DataViewSchema.Column column = data.Schema.GetColumnOrNull(samplingKey)
                ?? throw _env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKey);
            IHost host = _env.Register("SplitColumn");
            keyed = new MappedDataView(host, data, SplitColumnMapper.Create(data, column, name, (uint)(chosen ?? 0)));
        }

        key = keyed.Schema[name];
        return keyed;
    }

    private static string FreeName(DataViewSchema schema)
    {
        string name = "SplitColumn";
        for (int i = 0; schema.GetColumnOrNull(name) is not null; i++)
        {
            name = $"temp_SplitColumn_{i:000}";
        }

        return name;
    }

    /// <summary>Rows to train on and rows to test on.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
