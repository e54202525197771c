using System.Reflection;
using System.Text;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Saving;

/// <summary>A damaged model is refused, or is the same: it never scores otherwise.</summary>
[TestClass]
public sealed class DamageTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(false, DisplayName = "with hashes")]
    [DataRow(true, DisplayName = "from before there were hashes")]
    public void One_flipped_bit_in_a_file_of_the_network_alone_is_found(bool isOld)
    {
        using TemporaryFile file = new();
        ConvNetTransformer model = BarModels.Train(_context, options => options.Epoch = 1);
        model.SaveNetwork(file.Name);
        if (isOld)
        {
            ZipEntries.RemoveHashes(file.Name);
        }

        IDataView data = BarModels.Keyed(_context, BarImages.Create(6));
        string expected = Describe(model, data);
        FlipBits(file.Name, path => Describe(_context.Transforms.ConvNet("Score", "Features", path).Fit(data), data), expected);
        FlipBits(
            file.Name,
            path =>
            {
                using NetworkFile loaded = NetworkFile.Load(path);
                return string.Join(' ', loaded.ClassNames) + string.Join(' ', loaded.Weights.Names.SelectMany(name => loaded.Weights[name].Span.ToArray()))
                    + string.Join(' ', loaded.Normalization.Offsets) + string.Join(' ', loaded.Normalization.Scales);
            },
            expected: null);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "with hashes")]
    [DataRow(true, DisplayName = "from before there were hashes")]
    public void One_flipped_bit_in_a_whole_model_of_MLNet_is_found(bool isOld)
    {
        using TemporaryFile file = new();
        IDataView data = _context.Data.LoadFromEnumerable(BarImages.Create(60));
        ITransformer model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.ConvNet("Score", "Features", "Label", BarModels.Network, epoch: 1))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        _context.Model.Save(model, data.Schema, file.Name);
        if (isOld)
        {
            ZipEntries.RemoveHashes(file.Name);
        }

        IDataView rows = _context.Data.TakeRows(data, 6);
        FlipBits(file.Name, path => Describe(new MLContext().Model.Load(path, out _), rows), Describe(model, rows));
    }

    [TestMethod]
    public void Changed_parts_of_a_sound_archive_are_found_by_their_hashes()
    {
        using TemporaryFile file = new();
        IDataView data = BarModels.Keyed(_context, BarImages.Create(3));
        _context.Model.Save(BarModels.Train(_context, options => options.Epoch = 1), data.Schema, file.Name);
        foreach ((string name, Func<byte[], byte[]> change, string part) in new (string, Func<byte[], byte[]>, string)[]
        {
            ("settings.json", content => Replace(content, "lying", "flying"), "damaged: settings.json: the SHA-256 hash"),
            ("network.json", content => Replace(content, "\"layers\": [", "\"layers\":  ["), "damaged: network.json: its SHA-256 hash"),
            ("weights.safetensors", content => [.. content[..^1], (byte)(content[^1] ^ 1)], "damaged: weights.safetensors: its SHA-256 hash"),
        })
        {
            using TemporaryFile damaged = new();
            File.Copy(file.Name, damaged.Name);
            ZipEntries.Change(damaged.Name, name, change);
            ErrorText.Is<ModelFormatException>(() => _context.Transforms.ConvNet("Score", "Features", damaged.Name), part);
            ErrorText.Is<ModelFormatException>(() => NetworkFile.Load(damaged.Name).Dispose(), part);
            ErrorText.IsCauseOf<ModelFormatException, InvalidOperationException>(() => _context.Model.Load(damaged.Name, out _), part);
        }
    }

    [TestMethod]
    public void What_belongs_to_no_network_is_compared_once_however_many_networks_a_model_has()
    {
        // Names that nothing makes shorter: nearly all of the file.
        Random random = new(3);
        BarRow[] rows = BarImages.Create(3_000);
        foreach (BarRow row in rows)
        {
            row.Label = new string([.. Enumerable.Range(0, 200).Select(_ => (char)random.Next(0x4E00, 0x9000))]);
        }

        using TemporaryFile network = new();
        BarModels.Train(_context, options => options.Epoch = 1).SaveNetwork(network.Name);
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        EstimatorChain<ITransformer> chain = new EstimatorChain<ITransformer>().Append<ITransformer>(_context.Transforms.Conversion.MapValueToKey("Label"));
        for (int i = 0; i < 4; i++)
        {
            chain = chain.Append<ITransformer>(_context.Transforms.ConvNet($"Score{i}", "Features", network.Name));
        }

        using MemoryStream file = new();
        _context.Model.Save(chain.Fit(data), data.Schema, file);
        using CountingStream counted = new(file);
        _ = _context.Model.Load(counted, out _);

        // By ML.NET, which passes over some of it, and by the first of the networks.
        Assert.IsGreaterThan(12 * file.Length / 10, counted.Count);
        Assert.IsLessThan(2 * file.Length, counted.Count);
    }

    private static byte[] Replace(byte[] content, string from, string to)
    {
        string text = Encoding.UTF8.GetString(content);
        StringAssert.Contains(text, from);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    private static string Describe(ITransformer model, IDataView data)
    {
        IDataView scored = model.Transform(data);
        string values = model is ConvNetTransformer network
            ? string.Join(' ', network.ClassNames) : string.Join(' ', scored.GetColumn<ReadOnlyMemory<char>>("PredictedLabel"));
        return $"{values} {string.Join(' ', BarModels.ScoreBits(scored))}";
    }

    /// <summary>Loads the file with one bit turned, at places all over it.</summary>
    private static void FlipBits(string path, Func<string, string> load, string? expected)
    {
        const int flips = 150;
        byte[] content = File.ReadAllBytes(path);
        expected ??= load(path);
        Random random = new(5);
        int refused = 0;
        for (int i = 0; i < flips; i++)
        {
            int bit = random.Next(8 * content.Length);
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            using TemporaryFile damaged = new();
            File.WriteAllBytes(damaged.Name, content);
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            string? received = null;
            try
            {
                received = load(damaged.Name);
            }
            catch (Exception error) when (error is FormatException or IOException or InvalidDataException or InvalidOperationException
                or ArgumentException or TargetInvocationException)
            {
                refused++;
            }

            Assert.IsTrue(received is null || received == expected, $"bit {bit} of {8 * content.Length}");
        }

        Assert.IsGreaterThan(flips / 2, refused);
    }

    /// <summary>Counts what is read of a file.</summary>
    private sealed class CountingStream(MemoryStream file) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => file.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(buffer);
            Count += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
