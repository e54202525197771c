using Microsoft.ML.ConvNet.Scoring.Ahead;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Scoring;

/// <summary>Rows are scored many at a time, and nobody can tell but by the time that it takes.</summary>
[TestClass]
public sealed class LookAheadTests
{
    private const int Rows = 700;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Every_row_has_its_own_values_whatever_stands_before_and_behind()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        BarRow[] rows = BarImages.Create(Rows);
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        uint[][] expected = Alone(model, rows);
        AssertRows(expected, model.Transform(data), Enumerable.Range(0, Rows));
        AssertRows(expected, model.Transform(_context.Data.Cache(data)), Enumerable.Range(0, Rows));
        AssertRows(expected, _context.Data.Cache(model.Transform(data)), Enumerable.Range(0, Rows));
        AssertRows(expected, _context.Data.TakeRows(model.Transform(data), 7), Enumerable.Range(0, 7));
        AssertRows(expected, _context.Data.SkipRows(model.Transform(data), 300), Enumerable.Range(300, Rows - 300));
        AssertRows(expected, model.Transform(_context.Data.SkipRows(data, 300)), Enumerable.Range(300, Rows - 300));
        AssertRows(
            expected,
            _context.Data.FilterByCustomPredicate<NumberInput>(model.Transform(data), row => row.Number is < 100 or >= 200),
            Enumerable.Range(100, 100));
        AssertRows(expected, model.Transform(new DividedDataView(data, 30)), Enumerable.Range(0, Rows));
        IDataView shuffled = _context.Data.ShuffleRows(model.Transform(data), seed: 3);
        int[] order = [.. shuffled.GetColumn<int>("Number")];
        CollectionAssert.AreNotEqual(Enumerable.Range(0, Rows).ToArray(), order);
        AssertRows(expected, shuffled, order);
    }

    [TestMethod]
    public void Positions_and_identifiers_are_those_of_the_rows()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = BarModels.Keyed(_context, BarImages.Create(Rows));
        IDataView scored = model.Transform(data);
        using DataViewRowCursor plain = data.GetRowCursor([data.Schema["Number"]]);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<DataViewRowId> expected = plain.GetIdGetter();
        ValueGetter<DataViewRowId> received = cursor.GetIdGetter();
        Assert.AreEqual(-1, cursor.Position);
        DataViewRowId one = default;
        DataViewRowId other = default;
        while (plain.MoveNext())
        {
            Assert.IsTrue(cursor.MoveNext());
            expected(ref one);
            received(ref other);
            Assert.AreEqual(one, other);
            Assert.AreEqual(plain.Position, cursor.Position);
            Assert.AreEqual(plain.Batch, cursor.Batch);
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
        ErrorText.Is<InvalidOperationException>(() => received(ref other), "behind its last");
    }

    [TestMethod]
    public void A_few_rows_are_paid_for_by_few_and_many_are_read_ahead()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        WatchedDataView data = new(BarModels.Keyed(_context, BarImages.Create(Rows)), "Features");
        IDataView scored = model.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        List<int> read = [];
        while (cursor.MoveNext())
        {
            read.Add(data.Values);
        }

        Assert.AreEqual(1, read[0]);
        Assert.AreEqual(Rows, read[^1]);
        Assert.AreEqual(Rows, data.Values, "each row once");
        for (int row = 0; row < Rows; row++)
        {
            Assert.IsLessThanOrEqualTo(row == 0 ? 1 : (4 * row) + 1, read[row], $"row {row}");
            Assert.IsLessThanOrEqualTo(row + LookAheadCursor.MostRows, read[row]);
        }
    }

    [TestMethod]
    public void Rows_that_come_slowly_are_not_held_up()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        long reached = 0;
        HookedDataView data = new(BarModels.Keyed(_context, BarImages.Create(12)))
        {
            Moved = position =>
            {
                Thread.Sleep(2 * LookAheadCursor.MostMilliseconds);
                reached = position;
            },
        };
        IDataView scored = model.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        for (int row = 0; row < 12; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(row, reached);
        }
    }

    [TestMethod]
    public void A_bad_row_is_one_when_its_turn_comes_and_those_around_it_have_their_scores()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        BarRow[] rows = BarImages.Create(100);
        uint[][] expected = Alone(model, rows);
        rows[30].Features![3] = float.NaN;
        rows[60].Features = null;
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(rows));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Number"], scored.Schema["Label"]]);
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<int> number = cursor.GetGetter<int>(scored.Schema["Number"]);
        VBuffer<float> scores = default;
        int row = 0;
        while (cursor.MoveNext())
        {
            number(ref row);
            Assert.AreEqual(cursor.Position, row);
            if (row is 30 or 60)
            {
                string received = row == 30 ? "Received: NaN" : "Received: 0";
                ErrorText.Is<InvalidDataException>(
                    () => score(ref scores), FormattableString.Invariant($"row {row} "), received, $"Label \"{rows[row].Label}\"");
            }
            else
            {
                score(ref scores);
                CollectionAssert.AreEqual(expected[row], Bits(scores.DenseValues()));
            }
        }

        Assert.AreEqual(99, row);
    }

    [TestMethod]
    public void What_a_source_throws_is_thrown_behind_the_rows_before_it()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        HookedDataView data = new(BarModels.Keyed(_context, BarImages.Create(100)))
        {
            Moved = position =>
            {
                if (position == 50)
                {
                    throw new InvalidTimeZoneException();
                }
            },
        };
        IDataView scored = model.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> scores = default;
        for (int row = 0; row < 50; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            score(ref scores);
        }

        Assert.ThrowsExactly<InvalidTimeZoneException>(() => cursor.MoveNext());
        Assert.ThrowsExactly<InvalidTimeZoneException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void What_another_column_throws_is_thrown_by_it_at_its_row()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        IDataView data = new BadNumberDataView(BarModels.Keyed(_context, BarImages.Create(60)), bad: 20);
        IDataView scored = model.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Number"]]);
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<int> number = cursor.GetGetter<int>(scored.Schema["Number"]);
        VBuffer<float> scores = default;
        int value = 0;
        while (cursor.MoveNext())
        {
            score(ref scores);
            if (cursor.Position == 20)
            {
                Assert.ThrowsExactly<InvalidTimeZoneException>(() => number(ref value));
            }
            else
            {
                number(ref value);
                Assert.AreEqual(cursor.Position, value);
            }
        }
    }

    [TestMethod]
    public void Vectors_that_were_given_stay_as_they_are()
    {
        ConvNetTransformer model = BarModels.Train(_context);
        BarRow[] rows = BarImages.Create(Rows);
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(rows));
        ScoredBar[] given = [.. _context.Data.CreateEnumerable<ScoredBar>(scored, reuseRowObject: false)];
        for (int i = 0; i < Rows; i++)
        {
            CollectionAssert.AreEqual(rows[i].Features, given[i].Features);
            Assert.AreEqual(rows[i].Number, given[i].Number);
        }

        Assert.HasCount(Rows, given.Select(row => row.Score).Distinct().ToArray(), "an array for each row");
    }

    private static uint[] Bits(IEnumerable<float> scores) => [.. scores.Select(BitConverter.SingleToUInt32Bits)];

    /// <summary>The scores of rows one by one, as a prediction engine gives them.</summary>
    private uint[][] Alone(ConvNetTransformer model, BarRow[] rows)
    {
        using PredictionEngine<BarRow, ScoredBar> engine = _context.Model.CreatePredictionEngine<BarRow, ScoredBar>(model);
        return [.. rows.Select(row => Bits(engine.Predict(row).Score!))];
    }

    private static void AssertRows(uint[][] expected, IDataView scored, IEnumerable<int> numbers)
    {
        using DataViewRowCursor cursor = scored.GetRowCursor(
            [scored.Schema["Score"], scored.Schema["Number"], scored.Schema["Label"], scored.Schema["PredictedLabel"]]);
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<int> number = cursor.GetGetter<int>(scored.Schema["Number"]);
        ValueGetter<ReadOnlyMemory<char>> label = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Label"]);
        ValueGetter<uint> predicted = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        VBuffer<float> scores = default;
        ReadOnlyMemory<char> text = default;
        int row = 0;
        uint key = 0;
        foreach (int expectedRow in numbers)
        {
            Assert.IsTrue(cursor.MoveNext());
            number(ref row);
            Assert.AreEqual(expectedRow, row);
            label(ref text);
            Assert.AreEqual(BarImages.Classes[row % 3], text.ToString());

            // Not every row's: a batch is scored by the first of its rows that is asked for.
            if (row % 5 != 1)
            {
                score(ref scores);
                predicted(ref key);
                CollectionAssert.AreEqual(expected[row], Bits(scores.DenseValues()));
                Assert.AreEqual(scores.DenseValues().Max(), scores.GetItemOrDefault((int)key - 1));
            }
        }

        Assert.IsFalse(cursor.MoveNext());
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class ScoredBar
    {
        public float[]? Score { get; set; }

        [VectorType(BarImages.Side, BarImages.Side, 1)]
        public float[]? Features { get; set; }

        public int Number { get; set; }
    }

    private sealed class NumberInput
    {
        public int Number { get; set; }
    }
#pragma warning restore CA1812

    /// <summary>A data view whose numbers cannot be fetched in one row.</summary>
    private sealed class BadNumberDataView(IDataView source, long bad) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => source.Schema;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(source.GetRowCursor(columnsNeeded), bad);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded)];

        private sealed class Cursor(DataViewRowCursor input, long bad) : ForwardingCursor(input)
        {
            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            {
                ValueGetter<TValue> getter = Input.GetGetter<TValue>(column);
                return column.Name != "Number"
                    ? getter
                    : (ref TValue value) =>
                    {
                        if (Input.Position == bad)
                        {
                            throw new InvalidTimeZoneException();
                        }

                        getter(ref value);
                    };
            }
        }
    }
}
