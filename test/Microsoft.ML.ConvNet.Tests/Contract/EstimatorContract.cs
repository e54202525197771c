using System.Globalization;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Contract;

/// <summary>
/// What ML.NET expects of every estimator, and what pipelines, evaluators and its own tests of estimators lean on: what is wrong with a schema is said alike before and
/// by Fit; what is promised of a schema is given; what was saved and loaded gives the same; and rows have the same values whichever way one asks for them.
/// </summary>
/// <param name="context">ML.NET.</param>
internal sealed class EstimatorContract(MLContext context)
{
    /// <summary>Asserts that an estimator keeps it.</summary>
    /// <typeparam name="T">What it makes.</typeparam>
    /// <param name="estimator">The estimator.</param>
    /// <param name="valid">Rows that it takes.</param>
    /// <param name="invalid">Rows that it does not take: a column is missing or of another type.</param>
    /// <returns>What was made.</returns>
    public T Check<T>(IEstimator<T> estimator, IDataView valid, IDataView invalid)
        where T : class, ITransformer
    {
        SchemaShape promised = estimator.GetOutputSchema(SchemaShapes.Of(valid.Schema));
        Refuses(() => estimator.GetOutputSchema(SchemaShapes.Of(invalid.Schema)), "GetOutputSchema of the estimator");
        Refuses(() => estimator.Fit(invalid), "Fit");
        T transformer = estimator.Fit(valid);
        DataViewSchema schema = transformer.GetOutputSchema(valid.Schema);
        SchemaShapes.AssertFits(promised, schema);
        Refuses(() => transformer.GetOutputSchema(invalid.Schema), "GetOutputSchema of the transformer");
        Refuses(() => transformer.Transform(invalid), "Transform");

        IDataView given = transformer.Transform(valid);
        AssertSameSchema(schema, given.Schema);
        string[] rows = Rows(given);
        Assert.IsNotEmpty(rows);
        AssertSameRows(rows, Rows(given), "a second time");
        CheckSavedAndLoaded(transformer, valid, schema, rows);
        CheckCursors(given, rows);
        CheckMapper(transformer, valid, schema, rows);
        CheckChain(estimator, valid, rows);
        CheckHidden(estimator, valid, rows);
        return transformer;
    }

    private static void Refuses(Action action, string what)
    {
        Exception? thrown = null;
        try
        {
            action();
        }
#pragma warning disable CA1031 // Which it is is asked below.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            thrown = exception;
        }

        Assert.IsTrue(thrown is ArgumentException or InvalidOperationException, $"{what} refuses rows that it does not take. Received: {thrown?.ToString() ?? "no exception"}");
        Assert.IsGreaterThan(20, thrown!.Message.Length, "it says what is wrong");
    }

    private static void AssertSameSchema(DataViewSchema expected, DataViewSchema received)
    {
        Assert.HasCount(expected.Count, received);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.AreEqual(expected[i].Name, received[i].Name);
            Assert.AreEqual(expected[i].IsHidden, received[i].IsHidden);
            Assert.IsTrue(expected[i].Type.Equals(received[i].Type), $"{expected[i]} and {received[i]}");
            CollectionAssert.AreEquivalent(
                expected[i].Annotations.Schema.Select(annotation => annotation.ToString()).ToArray(),
                received[i].Annotations.Schema.Select(annotation => annotation.ToString()).ToArray());
        }
    }

    private static void AssertSameRows(string[] expected, string[] received, string what)
    {
        Assert.HasCount(expected.Length, received, what);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], received[i], $"row {i}, {what}");
        }
    }

    private static string[] Rows(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(Visible(data.Schema));
        return Rows(cursor);
    }

    private static DataViewSchema.Column[] Visible(DataViewSchema schema) => [.. schema.Where(column => !column.IsHidden)];

    private static string[] Rows(DataViewRowCursor cursor)
    {
        Func<string>[] values = Values(cursor);
        List<string> rows = [];
        while (cursor.MoveNext())
        {
            rows.Add(string.Join(" | ", values.Select(value => value())));
        }

        return [.. rows];
    }

    private static Func<string>[] Values(DataViewRow row) => [.. Visible(row.Schema).Select(column => RowValue.Create(row, column))];

    private static void CheckCursors(IDataView data, string[] rows)
    {
        DataViewRowCursor[] cursors = data.GetRowCursorSet(Visible(data.Schema), 3);
        List<string> all = [];
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                all.AddRange(Rows(cursor));
            }
        }

        CollectionAssert.AreEquivalent(rows, all, "a set of cursors gives each row once");

        // Each column alone has what it has among the others.
        DataViewSchema.Column[] columns = Visible(data.Schema);
        for (int i = 0; i < columns.Length; i++)
        {
            using DataViewRowCursor cursor = data.GetRowCursor([columns[i]]);
            Func<string> value = RowValue.Create(cursor, columns[i]);
            for (int row = 0; row < rows.Length; row++)
            {
                Assert.IsTrue(cursor.MoveNext());
                Assert.AreEqual(rows[row].Split(" | ")[i], value(), $"column {columns[i].Name}, row {row}");
            }
        }

        using DataViewRowCursor none = data.GetRowCursor([]);
        int count = 0;
        while (none.MoveNext())
        {
            Assert.IsFalse(none.IsColumnActive(columns[^1]));
            count++;
        }

        Assert.HasCount(count, rows);
    }

    private static void CheckMapper(ITransformer transformer, IDataView valid, DataViewSchema schema, string[] rows)
    {
        Assert.IsTrue(transformer.IsRowToRowMapper);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(valid.Schema);
        AssertSameSchema(schema, mapper.OutputSchema);
        Assert.AreSame(valid.Schema, mapper.InputSchema);
        DataViewSchema.Column[] columns = Visible(mapper.OutputSchema);
        DataViewSchema.Column[] needed = [.. mapper.GetDependencies(columns)];
        using DataViewRowCursor input = valid.GetRowCursor(needed);
        using DataViewRow row = mapper.GetRow(input, columns);
        Assert.AreSame(mapper.OutputSchema, row.Schema);
        Func<string>[] values = Values(row);
        foreach (string expected in rows)
        {
            Assert.IsTrue(input.MoveNext());
            Assert.AreEqual(expected, string.Join(" | ", values.Select(value => value())), $"row {row.Position}");
        }
    }

    private static void CheckChain<T>(IEstimator<T> estimator, IDataView valid, string[] rows)
        where T : class, ITransformer
    {
        TransformerChain<T> chain = new EstimatorChain<ITransformer>().Append(estimator).Fit(valid);
        AssertSameRows(rows, Rows(chain.Transform(valid)), "in a chain");
    }

    private void CheckSavedAndLoaded(ITransformer transformer, IDataView valid, DataViewSchema schema, string[] rows)
    {
        using MemoryStream stream = new();
        context.Model.Save(transformer, valid.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext(seed: 9).Model.Load(stream, out DataViewSchema inputSchema);
        if (!valid.Schema.Any(column => column.Type is Microsoft.ML.Transforms.Image.ImageDataViewType))
        {
            // ML.NET leaves columns of images out of the schema that it saves.
            AssertSameSchema(valid.Schema, inputSchema);
        }

        AssertSameSchema(schema, loaded.GetOutputSchema(valid.Schema));
        AssertSameRows(rows, Rows(loaded.Transform(valid)), "saved and loaded");

        // What was loaded is saved again to the same bytes, but for the zip's own time stamps.
        using MemoryStream again = new();
        context.Model.Save(loaded, valid.Schema, again);
        Assert.AreEqual(stream.Length, again.Length);
        (loaded as IDisposable)?.Dispose();
    }

    // A column may stand behind another of its name, which is hidden then.
    private void CheckHidden<T>(IEstimator<T> estimator, IDataView valid, string[] rows)
        where T : class, ITransformer
    {
        IDataView twice = valid;
        foreach (DataViewSchema.Column column in Visible(valid.Schema))
        {
            twice = context.Transforms.CopyColumns(column.Name, column.Name).Fit(twice).Transform(twice);
        }

        Assert.IsGreaterThan(valid.Schema.Count, twice.Schema.Count);
        AssertSameRows(rows, Rows(estimator.Fit(twice).Transform(twice)), "with hidden columns");
    }

    private static class RowValue
    {
        public static Func<string> Create(DataViewRow row, DataViewSchema.Column column) => column.Type switch
        {
            VectorDataViewType vector when vector.ItemType == NumberDataViewType.Single => Vector<float>(row, column, value => value.ToString("R", CultureInfo.InvariantCulture)),
            VectorDataViewType vector when vector.ItemType == NumberDataViewType.Byte => Vector<byte>(row, column, value => value.ToString(CultureInfo.InvariantCulture)),
            VectorDataViewType vector when vector.ItemType == BooleanDataViewType.Instance => Vector<bool>(row, column, value => value ? "1" : "0"),
            TextDataViewType => Scalar<ReadOnlyMemory<char>>(row, column, value => value.ToString()),
            BooleanDataViewType => Scalar<bool>(row, column, value => value ? "1" : "0"),
            Microsoft.ML.Transforms.Image.ImageDataViewType => Scalar<MLImage>(row, column, value => Convert.ToHexString(value.Pixels)),
            _ when column.Type.RawType == typeof(float) => Scalar<float>(row, column, value => value.ToString("R", CultureInfo.InvariantCulture)),
            _ when column.Type.RawType == typeof(int) => Scalar<int>(row, column, value => value.ToString(CultureInfo.InvariantCulture)),
            _ => Scalar<uint>(row, column, value => value.ToString(CultureInfo.InvariantCulture)),
        };

        private static Func<string> Scalar<TValue>(DataViewRow row, DataViewSchema.Column column, Func<TValue, string> text)
        {
            ValueGetter<TValue> getter = row.GetGetter<TValue>(column);
            TValue value = default!;
            return () =>
            {
                getter(ref value);
                return text(value);
            };
        }

        private static Func<string> Vector<TValue>(DataViewRow row, DataViewSchema.Column column, Func<TValue, string> text) =>
            Scalar<VBuffer<TValue>>(row, column, value => string.Join(' ', value.DenseValues().Select(text)));
    }
}
