#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings images to one size.</summary>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageScalerTransform";
    private const string RegistrationName = "ImageScaler";

    private readonly ImageResizingEstimator.ColumnOptions[] _columns;

    internal ImageResizingTransformer(IHostEnvironment env, params ImageResizingEstimator.ColumnOptions[] columns)
        : base(env.Register(RegistrationName), [.. columns.Select(column => (column.Name, column.InputColumnName))])
    {
        _columns = columns;
    }

    private ImageResizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = Array.ConvertAll(
            ColumnPairs, pair => ImageResizingEstimator.ColumnOptions.Load(ctx, pair.OutputColumnName, pair.InputColumnName));
    }

    internal IReadOnlyList<ImageResizingEstimator.ColumnOptions> Columns => _columns;

    private static VersionInfo Version => StandInVersion.Create("IMGSCALF", LoaderSignature);

    internal static ImageResizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ImageResizingTransformer(env.Register(RegistrationName), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (ImageResizingEstimator.ColumnOptions column in _columns)
        {
            column.Save(ctx);
        }
    }

    private protected override void CheckInputColumn(DataViewSchema.Column input, int pair) => Host.CheckImage(input);

    private protected override DataViewSchema.DetachedColumn OutputColumn(DataViewSchema.Column input, int pair) =>
        new(_columns[pair].Name, _columns[pair].Type);

    private protected override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair, out Action disposer)
    {
        ImageResizingEstimator.ColumnOptions options = _columns[pair];
        ValueGetter<MLImage> getSource = row.GetGetter<MLImage>(input);
        MLImage source = null;
        disposer = () => source = null;
        return (ValueGetter<MLImage>)((ref MLImage image) =>
        {
            image?.Dispose();
            getSource(ref source);
            if (source is null)
            {
                image = null;
            }
            else if (source.Height == options.ImageHeight && source.Width == options.ImageWidth)
            {
                image = source;
            }
            else
            {
                image = source.CloneWithResizing(options.ImageWidth, options.ImageHeight, options.Resizing, options.Anchor);
                image.Tag = source.Tag;
            }
        });
    }
}
