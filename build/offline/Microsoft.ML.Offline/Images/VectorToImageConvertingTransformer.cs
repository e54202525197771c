#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;
using ColumnOptions = Microsoft.ML.Transforms.Image.VectorToImageConvertingEstimator.ColumnOptions;

namespace Microsoft.ML.Transforms.Image;

/// <summary>
/// Makes an image of a vector of pixels, planar or interleaved: value x scale - offset. Colours that the vector lacks are 0, alpha
/// 255 or, where values are scaled, 0.
/// </summary>
public sealed class VectorToImageConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "VectorToImageConverter";
    private const string RegistrationName = "VectorToImageConverter";

    private readonly ColumnOptions[] _columns;

    internal VectorToImageConvertingTransformer(IHostEnvironment env, params ColumnOptions[] columns)
        : base(env.Register(RegistrationName), [.. columns.Select(column => (column.Name, column.InputColumnName))])
    {
        _columns = columns;
    }

    private VectorToImageConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = [.. ColumnPairs.Select(pair => ColumnOptions.Load(ctx, pair.OutputColumnName, pair.InputColumnName))];
    }

    internal IReadOnlyList<ColumnOptions> Columns => _columns;

    private static VersionInfo Version => StandInVersion.Create("VECTOIMG", LoaderSignature);

    internal static VectorToImageConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new VectorToImageConvertingTransformer(env.Register(RegistrationName), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (ColumnOptions column in _columns)
        {
            column.Save(ctx);
        }
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
        ColumnOptions options = _columns[pair];
        if (input.Type is not VectorDataViewType type)
        {
            throw Host.ExceptSchemaMismatch("inputSchema", "input", input.Name, "image", input.Type.ToString());
        }

        int planes = options.Colors.Count;
        if (type.Size != options.ImageHeight * options.ImageWidth * planes)
        {
            var expected = new VectorDataViewType(type.ItemType, options.ImageHeight, options.ImageWidth, planes);
            throw Host.ExceptSchemaMismatch("inputSchema", "input", input.Name, expected.ToString(), type.ToString());
        }
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair) =>
        new(_columns[pair].Name, _columns[pair].Type);

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        disposer = null;
        ColumnOptions options = _columns[pair];
        DataViewType itemType = input.Type.GetItemType();
        if (itemType == NumberDataViewType.Byte)
        {
            return MakeGetter<byte>(row, input, options, value => value, isScaled: false);
        }

        bool isScaled = options.OffsetImage != 0 || options.ScaleImage != 1;
        if (itemType == NumberDataViewType.Single)
        {
            return MakeGetter<float>(row, input, options, value => value, isScaled);
        }

        return itemType == NumberDataViewType.Double
            ? MakeGetter<double>(row, input, options, value => (float)value, isScaled)
            : throw Host.Except("We only support float, double or byte arrays");
    }

    private static ValueGetter<MLImage> MakeGetter<T>(
        DataViewRow row, DataViewSchema.Column input, ColumnOptions options, Func<T, float> convert, bool isScaled)
    {
        ColorBits[] colors = options.Colors.Sequence();
        int pixels = options.ImageHeight * options.ImageWidth;
        (int pixelStep, int colorStep) = options.InterleavedColors ? (colors.Length, 1) : (1, pixels);
        ValueGetter<VBuffer<T>> getVector = row.GetGetter<VBuffer<T>>(input);
        VBuffer<T> vector = default;
        var dense = new T[pixels * colors.Length];
        return (ref MLImage image) =>
        {
            getVector(ref vector);
            if (vector.GetValues().IsEmpty)
            {
                image = null;
                return;
            }

            vector.CopyTo(dense);
            var bgra = new byte[pixels * 4];
            Absent(bgra, isScaled, options.OffsetImage);
            for (int c = 0; c < colors.Length; c++)
            {
                int channel = colors[c] switch { ColorBits.Blue => 0, ColorBits.Green => 1, ColorBits.Red => 2, _ => 3 };
                for (int i = 0; i < pixels; i++)
                {
                    float value = convert(dense[i * pixelStep + c * colorStep]);
                    bgra[4 * i + channel] = isScaled
                        ? (byte)Math.Round(value * options.ScaleImage - options.OffsetImage)
                        : (byte)value;
                }
            }

            image = MLImage.CreateFromPixels(options.ImageWidth, options.ImageHeight, MLPixelFormat.Bgra32, bgra);
            image.Tag = nameof(VectorToImageConvertingTransformer);
        };
    }

    /// <summary>What the pixels are before the colours of the vector come in: black, but offset like them where they are scaled.</summary>
    private static void Absent(byte[] bgra, bool isScaled, float offset)
    {
        byte color = isScaled ? (byte)Math.Round(-offset) : (byte)0;
        byte alpha = isScaled ? (byte)0 : (byte)VectorToImageConvertingEstimator.Defaults.DefaultAlpha;
        for (int i = 0; i < bgra.Length; i += 4)
        {
            bgra[i] = bgra[i + 1] = bgra[i + 2] = color;
            bgra[i + 3] = alpha;
        }
    }
}
