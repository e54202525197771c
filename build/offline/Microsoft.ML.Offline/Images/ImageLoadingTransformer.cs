#nullable disable

using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Loads the images, or the bytes of the files, that a text column gives the paths of.</summary>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageLoaderTransform";

    /// <summary>The folder that relative paths start from, or null.</summary>
    public readonly string ImageFolder;

    private readonly bool _decodes;

    internal ImageLoadingTransformer(
        IHostEnvironment env, string imageFolder, bool decodes, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(ImageLoadingTransformer)), columns)
    {
        if (!string.IsNullOrEmpty(imageFolder))
        {
            ImageFolder = Directory.Exists(imageFolder)
                ? Path.GetFullPath(imageFolder)
                : throw new ArgumentException($"Directory \"{imageFolder}\" does not exist.");
        }

        _decodes = decodes;
    }

    private ImageLoadingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        ImageFolder = ctx.LoadStringOrNull();
        _decodes = ctx.Reader.ReadBoolean();
    }

    private static VersionInfo Version => StandInVersion.Create("IMGLOADR", LoaderSignature);

    internal static ImageLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ImageLoadingTransformer(env.Register(nameof(ImageLoadingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.SaveStringOrNull(ImageFolder);
        ctx.Writer.Write(_decodes);
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair)
    {
        if (input.Type is not TextDataViewType)
        {
            throw Host.ExceptSchemaMismatch(
                "inputSchema", "input", input.Name, TextDataViewType.Instance.ToString(), input.Type.ToString());
        }
    }

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair) =>
        new(ColumnPairs[pair].OutputColumnName, _decodes ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte));

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        ValueGetter<ReadOnlyMemory<char>> getPath = row.GetGetter<ReadOnlyMemory<char>>(input);
        disposer = null;
        return _decodes ? MakeImageGetter(getPath, out disposer) : MakeBytesGetter(getPath);
    }

    private ValueGetter<MLImage> MakeImageGetter(ValueGetter<ReadOnlyMemory<char>> getPath, out Action disposer)
    {
        MLImage last = null;
        ReadOnlyMemory<char> path = default;
        disposer = () =>
        {
            last?.Dispose();
            last = null;
        };
        return (ref MLImage image) =>
        {
            image?.Dispose();
            image = null;
            getPath(ref path);
            if (!path.IsEmpty)
            {
                // Read at once, so that the file is not held open.
                string file = Resolve(path);
                using var bytes = new MemoryStream(File.ReadAllBytes(file));
                image = MLImage.CreateFromStream(bytes);
                image.Tag = file;
            }

            last = image;
        };
    }

    private ValueGetter<VBuffer<byte>> MakeBytesGetter(ValueGetter<ReadOnlyMemory<char>> getPath)
    {
        ReadOnlyMemory<char> path = default;
        return (ref VBuffer<byte> bytes) =>
        {
            getPath(ref path);
            byte[] content = path.IsEmpty ? [] : File.ReadAllBytes(Resolve(path));
            bytes = new VBuffer<byte>(content.Length, content);
        };
    }

    private string Resolve(ReadOnlyMemory<char> path) =>
        string.IsNullOrWhiteSpace(ImageFolder) ? path.ToString() : Path.Combine(ImageFolder, path.ToString());
}
