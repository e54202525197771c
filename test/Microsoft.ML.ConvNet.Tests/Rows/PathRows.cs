namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>Small PNG files of two classes in a folder, dark and light, of which some may be damaged or missing, as rows with their paths.</summary>
internal sealed class PathRows : IDisposable
{
    private const int Side = 8;

    private readonly TestFolder _folder = new();
    private readonly PathRow[] _rows;

    /// <param name="count">The number of rows.</param>
    /// <param name="damaged">The numbers of rows whose files are no images.</param>
    public PathRows(int count, params int[] damaged)
    {
        _rows = [.. Enumerable.Range(0, count).Select(i => new PathRow { Path = FormattableString.Invariant($"{i}.png"), Label = i % 2 == 0 ? "dark" : "light" })];
        Random random = new(1);
        for (int i = 0; i < count; i++)
        {
            byte[] pixels = new byte[4 * Side * Side];
            for (int at = 0; at < pixels.Length; at++)
            {
                pixels[at] = at % 4 == 3 ? byte.MaxValue : (byte)(random.Next(120) + (i % 2 * 130));
            }

            _folder.Write(_rows[i].Path, damaged.Contains(i) ? "<html>404</html>"u8.ToArray() : PngFile.Encode(Side, Side, pixels));
        }
    }

    /// <summary>Rows without the given ones.</summary>
    public IDataView Without(MLContext context, params int[] numbers) => Load(context, [.. _rows.Where((_, i) => !numbers.Contains(i))]);

    public IDataView Load(MLContext context) => Load(context, _rows);

    public void Dispose() => _folder.Dispose();

    private IDataView Load(MLContext context, PathRow[] rows)
    {
        IDataView data = context.Data.LoadFromEnumerable(rows);
        return context.Transforms.LoadImages("Image", _folder.Path, "Path")
            .Append(context.Transforms.Conversion.MapValueToKey("Label"))
            .Fit(data).Transform(data);
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class PathRow
    {
        public string Path { get; set; } = string.Empty;

        public string Label { get; set; } = string.Empty;
    }
}
