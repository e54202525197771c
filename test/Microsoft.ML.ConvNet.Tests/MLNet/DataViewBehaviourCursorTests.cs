using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>What ML.NET's cursors do; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class DataViewBehaviourCursorTests
{
    [TestMethod]
    public void No_row_is_read_before_the_cursor_moves()
    {
        int read = 0;
        IDataView data = new MLContext(1).Data.LoadFromEnumerable(Count(5, () => read++));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Assert.AreEqual(0, read);
        Assert.IsTrue(cursor.MoveNext());
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(2, read);
    }

    [TestMethod]
    public void A_transform_computes_nothing_for_a_column_that_nobody_asks_for()
    {
        var ml = new MLContext(1);
        int computed = 0;
        IDataView data = ml.Data.LoadFromEnumerable(Count(4, () => { }));
        IDataView mapped = ml.Transforms.CustomMapping<Row, Doubled>(
            (row, target) =>
            {
                Interlocked.Increment(ref computed);
                target.Twice = 2 * row.Number;
            },
            contractName: null).Fit(data).Transform(data);
        using (DataViewRowCursor cursor = mapped.GetRowCursor([mapped.Schema["Number"]]))
        {
            while (cursor.MoveNext())
            {
                Assert.IsFalse(cursor.IsColumnActive(mapped.Schema["Twice"]));
            }
        }

        Assert.AreEqual(0, computed);
        CollectionAssert.AreEqual(new float[] { 0, 2, 4, 6 }, mapped.GetColumn<float>("Twice").ToArray());
        Assert.AreEqual(4, computed);
    }

    [TestMethod]
    public void A_getter_of_the_wrong_type_is_refused()
    {
        IDataView data = new MLContext(1).Data.LoadFromEnumerable(Count(1, () => { }));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => cursor.GetGetter<double>(data.Schema["Number"]));
        StringAssert.Contains(error.Message, "System.Double");
        StringAssert.Contains(error.Message, "System.Single");
    }

    [TestMethod]
    public void A_getter_of_an_inactive_column_is_refused()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Transforms.CopyColumns("Copy", "Number").Fit(Data(ml)).Transform(Data(ml));
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Number"]]);
        Assert.Throws<Exception>(() => cursor.GetGetter<float>(data.Schema["Copy"]));
        Assert.IsTrue(cursor.IsColumnActive(data.Schema["Number"]));
    }

    [TestMethod]
    public void Positions_and_ids_count_the_rows()
    {
        IDataView data = new MLContext(1).Data.LoadFromEnumerable(Count(3, () => { }));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        Assert.AreEqual(-1, cursor.Position);
        for (int i = 0; i < 3; i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(i, cursor.Position);
            DataViewRowId id = default;
            getId(ref id);
            Assert.AreEqual(new DataViewRowId((ulong)i, 0), id);
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void A_hidden_column_can_still_be_read_by_its_index()
    {
        var ml = new MLContext(1);
        IDataView data = Data(ml);
        IDataView hidden = ml.Transforms.CopyColumns("Number", "Index").Fit(data).Transform(data);
        using DataViewRowCursor cursor = hidden.GetRowCursor(hidden.Schema);
        ValueGetter<float> getHidden = cursor.GetGetter<float>(hidden.Schema[hidden.Schema["Number"].Index - 1]);
        ValueGetter<int> getVisible = cursor.GetGetter<int>(hidden.Schema["Number"]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.IsTrue(cursor.MoveNext());
        float number = 0;
        int index = 0;
        getHidden(ref number);
        getVisible(ref index);
        Assert.AreEqual(1f, number);
        Assert.AreEqual(101, index);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_set_of_cursors_gives_each_row_once_and_batches_give_the_order_back(bool cached)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Count(1000, () => { }));
        data = cached ? ml.Data.Cache(data) : data;
        IDataView mapped = ml.Transforms.CustomMapping<Row, Doubled>(
            (row, target) => target.Twice = 2 * row.Number, contractName: null).Fit(data).Transform(data);
        DataViewRowCursor[] cursors = mapped.GetRowCursorSet([mapped.Schema["Twice"]], 4);
        Assert.IsInRange(1, 4, cursors.Length);
        var rows = new List<(long Batch, float Value)>();
        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                ValueGetter<float> get = cursor.GetGetter<float>(mapped.Schema["Twice"]);
                float value = 0;
                while (cursor.MoveNext())
                {
                    get(ref value);
                    lock (rows)
                    {
                        rows.Add((cursor.Batch, value));
                    }
                }
            }
        });

        float[] inOrder = [.. rows.GroupBy(row => row.Batch).OrderBy(batch => batch.Key).SelectMany(batch => batch.Select(row => row.Value))];
        CollectionAssert.AreEqual(Enumerable.Range(0, 1000).Select(i => 2f * i).ToArray(), inOrder);
    }

    [TestMethod]
    public void The_row_count_is_known_for_a_list_and_not_for_a_sequence()
    {
        var ml = new MLContext(1);
        Assert.AreEqual(2, ml.Data.LoadFromEnumerable(new[] { new Row(), new Row() }).GetRowCount());
        Assert.IsNull(ml.Data.LoadFromEnumerable(Count(2, () => { })).GetRowCount());
    }

    [TestMethod]
    public void A_null_row_is_an_error()
    {
        IDataView data = new MLContext(1).Data.LoadFromEnumerable(new[] { new Row(), null! });
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Assert.IsTrue(cursor.MoveNext());
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.MoveNext());
    }

    private static IDataView Data(MLContext ml) => ml.Data.LoadFromEnumerable(Count(3, () => { }));

    private static IEnumerable<Row> Count(int rows, Action onRead)
    {
        for (int i = 0; i < rows; i++)
        {
            onRead();
            yield return new Row { Number = i, Index = 100 + i };
        }
    }

    private sealed class Row
    {
        public float Number { get; set; }

        public int Index { get; set; }
    }

    private sealed class Doubled
    {
        public float Twice { get; set; }
    }
}
