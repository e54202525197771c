using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Scoring;

[TestClass]
public sealed class TransformerTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Nothing_is_read_before_a_score_is_asked_for()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        WatchedDataView data = new(BarModels.Keyed(_context, BarImages.Create(10)), "Features");
        IDataView scored = model.Transform(data);
        Assert.AreEqual(0, data.Cursors);
        Assert.AreEqual(10, scored.GetRowCount() ?? 10);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["PredictedLabel"]]);
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<uint> label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        Assert.AreEqual(0, data.Values);
        Assert.IsTrue(cursor.MoveNext());
        VBuffer<float> scores = default;
        uint key = 0;
        score(ref scores);
        score(ref scores);
        label(ref key);
        Assert.AreEqual(1, data.Values, "the first row comes alone");
        Assert.AreEqual(3, scores.Length);
        Assert.AreEqual(key, (uint)(scores.DenseValues().ToList().IndexOf(scores.DenseValues().Max()) + 1));
    }

    [TestMethod]
    public void A_cursor_without_the_scores_does_not_ask_for_the_images()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        WatchedDataView data = new(BarModels.Keyed(_context, BarImages.Create(10)), "Features");
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).ToArray(), model.Transform(data).GetColumn<int>("Number").ToArray());
        CollectionAssert.AreEqual(new[] { "Number" }, data.LastColumns);
    }

    [TestMethod]
    public void Columns_that_are_not_active_and_wrong_types_are_refused()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView scored = model.Transform(BarModels.Keyed(_context, BarImages.Create(3)));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        Assert.IsTrue(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["PredictedLabel"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Features"]));
        ErrorText.Is<InvalidOperationException>(
            () => cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]), "\"PredictedLabel\" is not active");
        ErrorText.Is<InvalidOperationException>(
            () => cursor.GetGetter<float>(scored.Schema["Score"]), "\"Score\"", "Received: a request for System.Single");
    }

    [TestMethod]
    public void Other_columns_of_a_row_stay_as_they_are()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(20));
        IDataView scored = model.Transform(data);
        CollectionAssert.AreEqual(data.GetColumn<uint>("Label").ToArray(), scored.GetColumn<uint>("Label").ToArray());
        CollectionAssert.AreEqual(
            data.GetColumn<float[]>("Features").SelectMany(x => x).ToArray(), scored.GetColumn<float[]>("Features").SelectMany(x => x).ToArray());
        Assert.AreEqual(data.Schema.Count + 2, scored.Schema.Count);
    }

    [TestMethod]
    public void A_set_of_cursors_gives_every_row_once_with_its_own_scores()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView scored = model.Transform(_context.Data.Cache(BarModels.Keyed(_context, BarImages.Create(500))));
        float[][] expected = [.. scored.GetColumn<float[]>("Score")];
        DataViewSchema.Column[] columns = [scored.Schema["Score"], scored.Schema["Number"]];
        DataViewRowCursor[] cursors = scored.GetRowCursorSet(columns, 4);
        int[] seen = new int[500];
        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(columns[0]);
                ValueGetter<int> number = cursor.GetGetter<int>(columns[1]);
                VBuffer<float> scores = default;
                int row = 0;
                while (cursor.MoveNext())
                {
                    number(ref row);
                    score(ref scores);
                    Interlocked.Increment(ref seen[row]);
                    CollectionAssert.AreEqual(expected[row], scores.DenseValues().ToArray());
                }
            }
        });
        Assert.IsTrue(seen.All(count => count == 1));
    }

    [TestMethod]
    public void A_row_scores_the_same_alone_and_among_others()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        BarRow[] rows = BarImages.Create(40);
        uint[] together = BarModels.ScoreBits(model.Transform(BarModels.Keyed(_context, rows)));
        for (int i = 0; i < rows.Length; i += 13)
        {
            uint[] alone = BarModels.ScoreBits(model.Transform(_context.Data.LoadFromEnumerable([rows[i]])));
            CollectionAssert.AreEqual(together.AsSpan(i * 3, 3).ToArray(), alone);
        }
    }

    [TestMethod]
    public void Shuffled_rows_keep_their_scores()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView scored = model.Transform(BarModels.Keyed(_context, BarImages.Create(50)));
        float[][] expected = [.. scored.GetColumn<float[]>("Score")];
        IDataView shuffled = _context.Data.ShuffleRows(scored, seed: 4);
        int[] numbers = [.. shuffled.GetColumn<int>("Number")];
        float[][] scores = [.. shuffled.GetColumn<float[]>("Score")];
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 50).ToArray(), numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            CollectionAssert.AreEqual(expected[numbers[i]], scores[i]);
        }
    }

    [TestMethod]
    public void A_row_mapper_has_the_schema_and_dependencies_of_its_columns()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        DataViewSchema input = _context.Data.LoadFromEnumerable(BarImages.Create(1)).Schema;
        ITransformer transformer = model;
        Assert.IsTrue(transformer.IsRowToRowMapper);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(input);
        Assert.AreSame(input, mapper.InputSchema);
        CollectionAssert.AreEqual(
            new[] { "Features" }, mapper.GetDependencies([mapper.OutputSchema["Score"]]).Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(
            new[] { "Number" }, mapper.GetDependencies([mapper.OutputSchema["Number"]]).Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void A_pipeline_around_the_network_trains_and_predicts_class_names()
    {
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(90));
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        options.Epoch = 15;
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label")
            .AppendCacheCheckpoint(_context)
            .Append(_context.MulticlassClassification.Trainers.ConvNet(options))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(data);
        BarRow[] unseen = BarImages.Create(30, seed: 9);
        string[] predicted =
        [
            .. model.Transform(_context.Data.LoadFromEnumerable(unseen)).GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Select(text => text.ToString()),
        ];
        Assert.IsGreaterThan(27, unseen.Zip(predicted).Count(pair => pair.First.Label == pair.Second));
    }

    [TestMethod]
    public void Eight_prediction_engines_share_one_transformer()
    {
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(60));
        var model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        BarRow[] rows = BarImages.Create(200, seed: 5);
        float[][] expected = [.. model.Transform(_context.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score")];
        Thread[] threads = new Thread[8];
        int[] right = new int[threads.Length];
        for (int t = 0; t < threads.Length; t++)
        {
            int thread = t;
            threads[t] = new Thread(() =>
            {
                // Each engine disposes of the transformer at its end, while others still use it.
                using PredictionEngine<BarRow, BarPrediction> engine = _context.Model.CreatePredictionEngine<BarRow, BarPrediction>(model);
                for (int i = thread; i < rows.Length - (10 * thread); i++)
                {
                    BarPrediction prediction = engine.Predict(rows[i]);
                    int best = Array.IndexOf(expected[i], expected[i].Max());
                    bool isRight = prediction.Score.SequenceEqual(expected[i]) && prediction.PredictedLabel == BarImages.Classes[best];
                    right[thread] += isRight ? 1 : 0;
                }
            });
            threads[t].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        CollectionAssert.AreEqual(Enumerable.Range(0, 8).Select(thread => rows.Length - (11 * thread)).ToArray(), right);
    }

    [TestMethod]
    public void A_transformer_that_was_disposed_of_can_be_used_again()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(9));
        uint[] before = BarModels.ScoreBits(model.Transform(data));
        model.Dispose();
        model.Dispose();
        CollectionAssert.AreEqual(before, BarModels.ScoreBits(model.Transform(data)));
    }
}
