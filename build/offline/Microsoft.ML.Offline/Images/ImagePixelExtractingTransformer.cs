#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML.Transforms.Image;

/// <summary>
/// Makes a vector of the pixels of an image: planar, [colours, Height, Width], or interleaved, [Height, Width, colours]; as
/// bytes, or as (value - offset) x scale in single precision.
/// </summary>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImagePixelExtractor";
    private const string RegistrationName = "ImagePixelExtractor";

    private readonly ColumnOptions[] _columns;

    internal ImagePixelExtractingTransformer(IHostEnvironment env, params ColumnOptions[] columns)
        : base(env.Register(RegistrationName), [.. columns.Select(column => (column.Name, column.InputColumnName))])
    {
        _columns = columns;
    }

    private ImagePixelExtractingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = [.. ColumnPairs.Select(pair => ColumnOptions.Load(ctx, pair.OutputColumnName, pair.InputColumnName))];
    }

    internal IReadOnlyList<ColumnOptions> Columns => _columns;

    private static VersionInfo Version => StandInVersion.Create("IMGPXEXT", LoaderSignature);

    internal static ImagePixelExtractingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ImagePixelExtractingTransformer(env.Register(RegistrationName), ctx);
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
        Host.CheckImage(input);
        var type = (ImageDataViewType)input.Type;
        if (type.Height <= 0 || type.Width <= 0)
        {
            throw Host.ExceptSchemaMismatch("inputSchema", "input", input.Name, "known-size image", "unknown-size image");
        }
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair)
    {
        ColumnOptions options = _columns[pair];
        var image = (ImageDataViewType)input.Type;
        VectorDataViewType type = options.InterleavePixelColors
            ? new VectorDataViewType(options.ItemType, image.Height, image.Width, options.Colors.Count)
            : new VectorDataViewType(options.ItemType, options.Colors.Count, image.Height, image.Width);
        return new DataViewSchema.DetachedColumn(options.Name, type);
    }

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        ColumnOptions options = _columns[pair];
        if (!options.OutputAsFloatArray)
        {
            return MakeGetter<byte>(row, input, options, value => value, out disposer);
        }

        // One value a byte, computed once.
        float[] values = [.. Enumerable.Range(0, 256).Select(value => (value - options.OffsetImage) * options.ScaleImage)];
        return MakeGetter(row, input, options, value => values[value], out disposer);
    }

    private ValueGetter<VBuffer<T>> MakeGetter<T>(
        DataViewRow row, DataViewSchema.Column input, ColumnOptions options, Func<byte, T> convert, out Action disposer)
    {
        var type = (ImageDataViewType)input.Type;
        ColorBits[] colors = options.Colors.Sequence();
        int pixels = type.Height * type.Width;
        (int pixelStep, int colorStep) = options.InterleavePixelColors ? (colors.Length, 1) : (1, pixels);
        ValueGetter<MLImage> getImage = row.GetGetter<MLImage>(input);
        MLImage image = null;
        disposer = () =>
        {
            image?.Dispose();
            image = null;
        };
        return (ref VBuffer<T> vector) =>
        {
            getImage(ref image);
            if (image is null)
            {
                vector = VBufferEditor.Create(ref vector, pixels * colors.Length, 0).Commit();
                return;
            }

            Host.Check(
                image.Height == type.Height && image.Width == type.Width,
                $"Images of column '{input.Name}' must be of size {type.Height} x {type.Width}. Received: {image.Height} x {image.Width}");
            VBufferEditor<T> editor = VBufferEditor.Create(ref vector, pixels * colors.Length);
            for (int c = 0; c < colors.Length; c++)
            {
                ReadOnlySpan<byte> source = image.Pixels[ByteOf(colors[c], image.PixelFormat)..];
                Span<T> target = editor.Values[(c * colorStep)..];
                for (int i = 0; i < pixels; i++)
                {
                    target[i * pixelStep] = convert(source[i * 4]);
                }
            }

            vector = editor.Commit();
        };
    }

    private static int ByteOf(ColorBits color, MLPixelFormat format) => color switch
    {
        ColorBits.Alpha => 3,
        ColorBits.Green => 1,
        ColorBits.Red => format == MLPixelFormat.Bgra32 ? 2 : 0,
        _ => format == MLPixelFormat.Bgra32 ? 0 : 2,
    };
}
