using System.IO.Compression;
using System.Text;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Fuzz.Tests.Inputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Fuzz.Tests.Targets;

/// <summary>
/// What mlContext.Model.Save wrote of a trained network, or of a featurizer, loaded and asked for a row. Half of the inputs have one entry of the zip changed,
/// whose check sum is true. What ML.NET's own code throws is its affair; what ours throws is documented.
/// </summary>
internal sealed class ModelFileTarget : FuzzTarget
{
    private const int Side = 8;
    private readonly MLContext _context = new(seed: 1);
    private readonly Row[] _rows =
    [
        .. Enumerable.Range(0, 8).Select(i => new Row
        {
            Label = (uint)(i % 2) + 1,
            Image = [.. Enumerable.Range(0, Side * Side).Select(pixel => (float)((pixel + i) % (2 + (i % 2))))],
        }),
    ];

    private readonly byte[] _file;
    private readonly byte[] _featurizer;

    public ModelFileTarget()
    {
        IDataView data = _context.Data.LoadFromEnumerable(_rows);
        ConvNetTransformer model = _context.MulticlassClassification.Trainers
            .ConvNet("Label", "Image", (input, classes) => input.Conv(2, 3).BatchNorm().Relu().Flatten().Dense(classes).Softmax(), epoch: 1).Fit(data);
        _file = Saved(model);
        using PretrainedModel pretrained = new(
            model.Network, model.Weights, new PixelNormalization([0.5f], [2]), ChannelOrder.Rgb, "fuzzed");
        _featurizer = Saved(_context.Transforms.ConvNetFeaturizer("Score", "Image", pretrained).Fit(data));
        model.Dispose();
    }

    /// <inheritdoc/>
    public override string Name => "model-file";

    /// <inheritdoc/>
    protected override bool IsDocumented(Exception exception) =>
        exception is FormatException or InvalidDataException or InvalidOperationException or ArgumentException or IOException || !IsOurs(exception);

    /// <inheritdoc/>
    protected override void Run(Random random)
    {
        byte[] file = random.Next(4) == 0 ? _featurizer : _file;
        byte[] input = random.Next(4) == 0 ? Mutation.Change(file, random) : WithChangedEntry(file, random);
        ITransformer model = _context.Model.Load(new MemoryStream(input), out _);
        using (model as IDisposable)
        {
            IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(_rows));
            if (scored.Schema.GetColumnOrNull("Score") is { } score)
            {
                foreach (VBuffer<float> scores in scored.GetColumn<VBuffer<float>>(score))
                {
                    _ = scores.Length;
                }
            }
        }
    }

    private static bool IsOurs(Exception exception) =>
        exception is NullReferenceException or IndexOutOfRangeException or OverflowException or OutOfMemoryException
        && exception.StackTrace?.Split('\n')[0].Contains("Microsoft.ML.ConvNet", StringComparison.Ordinal) == true;

    private byte[] Saved(ITransformer model)
    {
        using MemoryStream stream = new();

        // Without the schema of the rows: ML.NET's reader of schemas loops for ever at the end of some that were changed.
        _context.Model.Save(model, inputSchema: null, stream);
        return stream.ToArray();
    }

    private static byte[] WithChangedEntry(byte[] file, Random random)
    {
        using MemoryStream copy = new();
        copy.Write(file);
        using (ZipArchive archive = new(copy, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry[] ours = [.. archive.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.Ordinal)
                || entry.Name.EndsWith(".safetensors", StringComparison.Ordinal))];
            ZipArchiveEntry entry = random.Next(4) == 0 ? archive.Entries[random.Next(archive.Entries.Count)] : ours[random.Next(ours.Length)];
            using Stream stream = entry.Open();
            using MemoryStream content = new();
            stream.CopyTo(content);
            byte[] changed = entry.Name.EndsWith(".json", StringComparison.Ordinal)
                ? Encoding.UTF8.GetBytes(TextMutation.Change(Encoding.UTF8.GetString(content.ToArray()), random))
                : Mutation.Change(content.ToArray(), random);
            stream.SetLength(0);
            stream.Write(changed);
        }

        return copy.ToArray();
    }

    private sealed class Row
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(Side, Side, 1)]
        public float[] Image { get; set; } = [];
    }
}
