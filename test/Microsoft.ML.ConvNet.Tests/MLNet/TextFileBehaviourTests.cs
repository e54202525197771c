using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.MLNet;

/// <summary>How ML.NET reads and writes text files; true of the packages and of the stand-in.</summary>
[TestClass]
public sealed class TextFileBehaviourTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<string> _files = [];

    [TestCleanup]
    public void DeleteFiles() => _files.ForEach(File.Delete);

    [TestMethod]
    public void Fields_fill_the_members_that_name_them()
    {
        string path = Write("label,a,b,c,name", "1,0.5,1.5,2.5,first", "0,3,4,5,second");
        IDataView data = _ml.Data.LoadFromTextFile<Example>(path, separatorChar: ',', hasHeader: true);
        Example[] rows = [.. _ml.Data.CreateEnumerable<Example>(data, reuseRowObject: false)];

        Assert.HasCount(2, rows);
        Assert.IsTrue(rows[0].Label);
        CollectionAssert.AreEqual(new[] { 0.5f, 1.5f, 2.5f }, rows[0].Features);
        Assert.AreEqual("second", rows[1].Name);
        Assert.AreEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 3), data.Schema["Features"].Type);
    }

    [TestMethod]
    public void The_header_of_a_sample_names_the_slots()
    {
        string path = Write("label,a,b,c,name", "1,0.5,1.5,2.5,first");
        TextLoader loader = _ml.Data.CreateTextLoader<Example>(',', hasHeader: true, dataSample: new MultiFileSource(path));
        VBuffer<ReadOnlyMemory<char>> names = default;
        loader.GetOutputSchema()["Features"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void Quotes_hold_separators_and_quotes()
    {
        string path = Write("\"a;b\";\"say \"\"hi\"\"\"; plain ");
        IDataView data = Load(path, allowQuoting: true, separator: ';');
        CollectionAssert.AreEqual(new[] { "a;b", "say \"hi\"", "plain " }, Fields(data));
    }

    [TestMethod]
    public void Blank_lines_and_comments_are_no_rows()
    {
        string path = Write("# top", "", "a\tb\tc", "// no", "", "d\te\tf", "#g\th\ti");
        CollectionAssert.AreEqual(
            new[] { "a", "d", "#g" }, Load(path).GetColumn<string>("A").ToArray());
    }

    [TestMethod]
    public void Missing_numbers_are_zero_or_NaN_where_asked()
    {
        string path = Write("1\t\t3", "?\tNaN\tx");
        TextLoader.Options options = new()
        {
            Columns = [new TextLoader.Column("V", DataKind.Single, 0, 2)],
        };
        float[][] rows = [.. _ml.Data.LoadFromTextFile(path, options).GetColumn<float[]>("V")];
        CollectionAssert.AreEqual(new[] { 1f, 0f, 3f }, rows[0]);
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, float.NaN }, rows[1]);

        options.MissingRealsAsNaNs = true;
        CollectionAssert.AreEqual(
            new[] { 1f, float.NaN, 3f }, _ml.Data.LoadFromTextFile(path, options).GetColumn<float[]>("V").First());
    }

    [TestMethod]
    public void A_field_that_is_no_integer_is_an_error()
    {
        string path = Write("1", "x");
        IDataView data = _ml.Data.LoadFromTextFile(path, [new TextLoader.Column("N", DataKind.Int32, 0)]);
        FormatException error = Assert.ThrowsExactly<FormatException>(() => data.GetColumn<int>("N").ToArray());
        StringAssert.Contains(error.ToString(), "Could not parse value x");
    }

    [TestMethod]
    public void Keys_in_text_count_from_zero()
    {
        string path = Write("0", "2", "5", "");
        IDataView data = _ml.Data.LoadFromTextFile(
            path, [new TextLoader.Column("K", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(3))]);
        Assert.AreEqual<DataViewType>(new KeyDataViewType(typeof(uint), 3), data.Schema["K"].Type);
        CollectionAssert.AreEqual(new uint[] { 1, 3, 0 }, data.GetColumn<uint>("K").ToArray());
    }

    [TestMethod]
    public void A_range_to_the_end_takes_the_size_of_the_lines()
    {
        string path = Write("1\t2\t3\t4", "5\t6\t7\t8");
        var options = new TextLoader.Options
        {
            Columns = [new TextLoader.Column("V", DataKind.Single, [new TextLoader.Range(1, null)])],
        };
        IDataView data = _ml.Data.LoadFromTextFile(path, options);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile(path, options.Columns));
        Assert.AreEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 3), data.Schema["V"].Type);
        CollectionAssert.AreEqual(new float[] { 6, 7, 8 }, data.GetColumn<float[]>("V").Last());
    }

    [TestMethod]
    public void Sparse_lines_name_the_fields_that_are_not_zero()
    {
        string path = Write("1 5 1:10 4:40", "0 5 0:7");
        IDataView data = _ml.Data.LoadFromTextFile(
            path,
            [new TextLoader.Column("L", DataKind.Single, 0), new TextLoader.Column("V", DataKind.Single, 1, 5)],
            separatorChar: ' ',
            allowSparse: true);
        float[][] rows = [.. data.GetColumn<float[]>("V")];
        CollectionAssert.AreEqual(new float[] { 0, 10, 0, 0, 40 }, rows[0]);
        CollectionAssert.AreEqual(new float[] { 7, 0, 0, 0, 0 }, rows[1]);
    }

    [TestMethod]
    public void A_member_that_names_no_field_is_an_error()
    {
        string path = Write("1");
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.LoadFromTextFile<Unmarked>(path));
    }

    [TestMethod]
    public void A_file_that_is_not_there_is_an_error_at_once()
    {
        Assert.Throws<Exception>(() => _ml.Data.LoadFromTextFile<Example>("no/such/file.tsv"));
    }

    [TestMethod]
    public void What_is_saved_as_text_loads_as_it_was()
    {
        Example[] rows =
        [
            new() { Label = true, Features = [0.1f, -2.5e-7f, float.NaN], Name = "a \"quoted\"\tone" },
            new() { Label = false, Features = [0, 0, 3], Name = "" },
        ];
        string path = Path.GetTempFileName();
        _files.Add(path);
        using (FileStream stream = File.Create(path))
        {
            _ml.Data.SaveAsText(_ml.Data.LoadFromEnumerable(rows), stream, schema: false, forceDense: true);
        }

        Assert.AreEqual("Label\t\"\"\t\"\"\t\"\"\tName", File.ReadLines(path).First());
        IDataView back = _ml.Data.LoadFromTextFile<Example>(path, hasHeader: true, allowQuoting: true);
        Example[] read = [.. _ml.Data.CreateEnumerable<Example>(back, reuseRowObject: false)];
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual(rows[i].Label, read[i].Label);
            Assert.AreEqual(rows[i].Name, read[i].Name);
            CollectionAssert.AreEqual(rows[i].Features, read[i].Features);
        }
    }

    [TestMethod]
    public void Lines_of_few_values_are_saved_as_pairs_with_the_options_to_load_them()
    {
        var row = new Wide { Name = "x", Values = new float[20] };
        row.Values[3] = 1.5f;
        row.Values[17] = -2;
        string path = Path.GetTempFileName();
        _files.Add(path);
        using (FileStream stream = File.Create(path))
        {
            _ml.Data.SaveAsText(_ml.Data.LoadFromEnumerable([row]), stream);
        }

        Assert.AreEqual("x\t20\t3:1.5\t17:-2", File.ReadLines(path).Last());
        DataViewSchema embedded = _ml.Data.LoadFromTextFile(path).Schema;
        CollectionAssert.AreEqual(new[] { "Name", "Values" }, embedded.Select(column => column.Name).ToArray());
        Assert.AreEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 20), embedded["Values"].Type);
        IDataView back = _ml.Data.LoadFromTextFile(
            path, [new TextLoader.Column("Values", DataKind.Single, 1, 20)], hasHeader: true, allowSparse: true);
        CollectionAssert.AreEqual(row.Values, back.GetColumn<float[]>("Values").Single());

        var given = new TextLoader.Options { AllowSparse = true, InputSize = 21 };
        CollectionAssert.AreEqual(
            new[] { "Label", "Features" }, _ml.Data.LoadFromTextFile(path, given).Schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void Several_files_are_read_one_after_another()
    {
        string first = Write("a\tb\tc");
        string second = Write("d\te\tf");
        TextLoader loader = _ml.Data.CreateTextLoader(Columns);
        CollectionAssert.AreEqual(
            new[] { "a", "d" }, loader.Load(new MultiFileSource(first, second)).GetColumn<string>("A").ToArray());
    }

    private static TextLoader.Column[] Columns =>
    [
        new TextLoader.Column("A", DataKind.String, 0),
        new TextLoader.Column("B", DataKind.String, 1),
        new TextLoader.Column("C", DataKind.String, 2),
    ];

    private static string[] Fields(IDataView data) =>
        [.. new[] { "A", "B", "C" }.Select(name => data.GetColumn<string>(name).First())];

    private IDataView Load(string path, bool allowQuoting = false, char separator = '\t') =>
        _ml.Data.LoadFromTextFile(path, Columns, separatorChar: separator, allowQuoting: allowQuoting);

    private string Write(params string[] lines)
    {
        string path = Path.GetTempFileName();
        _files.Add(path);
        File.WriteAllLines(path, lines, new UTF8Encoding(false));
        return path;
    }

    private sealed class Example
    {
        [LoadColumn(0)]
        public bool Label { get; set; }

        [LoadColumn(1, 3)]
        [VectorType(3)]
        public float[]? Features { get; set; }

        [LoadColumn(4)]
        public string? Name { get; set; }
    }

    private sealed class Wide
    {
        public string? Name { get; set; }

        [VectorType(20)]
        public float[]? Values { get; set; }
    }

    private sealed class Unmarked
    {
        public float Value { get; set; }
    }
}
