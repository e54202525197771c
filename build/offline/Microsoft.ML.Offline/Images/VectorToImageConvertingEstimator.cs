#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes a <see cref="VectorToImageConvertingTransformer"/>.</summary>
public sealed class VectorToImageConvertingEstimator : TrivialEstimator<VectorToImageConvertingTransformer>
{
    internal VectorToImageConvertingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(env.Register(nameof(VectorToImageConvertingEstimator)), new VectorToImageConvertingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach (ColumnOptions options in Transformer.Columns)
        {
            if (!inputSchema.TryFindColumn(options.InputColumnName, out SchemaShape.Column column))
            {
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", options.InputColumnName);
            }

            if (column.Kind != SchemaShape.Column.VectorKind.Vector || !IsPixel(column.ItemType))
            {
                throw Host.ExceptSchemaMismatch(
                    nameof(inputSchema),
                    "input",
                    options.InputColumnName,
                    "known-size vector of type Single, Double or Byte",
                    column.GetTypeString());
            }

            result[options.Name] = new SchemaShape.Column(options.Name, SchemaShape.Column.VectorKind.Scalar, options.Type, false);
        }

        return new SchemaShape(result.Values);
    }

    private static bool IsPixel(DataViewType type) =>
        type == NumberDataViewType.Single || type == NumberDataViewType.Double || type == NumberDataViewType.Byte;

    internal static class Defaults
    {
        public const float Scale = 1f;
        public const float Offset = 0f;
        public const int DefaultAlpha = 255;
        public const int DefaultRed = 0;
        public const int DefaultGreen = 0;
        public const int DefaultBlue = 0;
    }

    /// <summary>What is done with one column.</summary>
    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly int ImageHeight;
        public readonly int ImageWidth;
        public readonly ColorPlanes Colors;
        public readonly bool InterleavedColors;
        public readonly float OffsetImage;
        public readonly float ScaleImage;
        public readonly ImageDataViewType Type;

        public ColumnOptions(
            string name,
            string inputColumnName,
            int imageHeight,
            int imageWidth,
            ColorPlanes colors,
            bool interleavedColors,
            float offsetImage,
            float scaleImage)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            colors.Check("colorsPresent");
            CheckPositive(imageWidth, nameof(imageWidth), "Image width must be greater than zero");
            CheckPositive(imageHeight, nameof(imageHeight), "Image height must be greater than zero");
            PixelScale.Check(offsetImage, scaleImage);
            Name = name;
            InputColumnName = inputColumnName ?? name;
            ImageHeight = imageHeight;
            ImageWidth = imageWidth;
            Colors = colors;
            InterleavedColors = interleavedColors;
            OffsetImage = offsetImage;
            ScaleImage = scaleImage;
            Type = new ImageDataViewType(imageHeight, imageWidth);
        }

        public static ColumnOptions Load(ModelLoadContext ctx, string name, string inputColumnName)
        {
            ColorPlanes colors = ColorPlanes.Load(ctx);
            int width = ctx.Reader.ReadInt32();
            int height = ctx.Reader.ReadInt32();
            float offset = ctx.Reader.ReadSingle();
            float scale = ctx.Reader.ReadSingle();
            return new ColumnOptions(name, inputColumnName, height, width, colors, ctx.Reader.ReadBoolean(), offset, scale);
        }

        public void Save(ModelSaveContext ctx)
        {
            Colors.Save(ctx);
            ctx.Writer.Write(ImageWidth);
            ctx.Writer.Write(ImageHeight);
            ctx.Writer.Write(OffsetImage);
            ctx.Writer.Write(ScaleImage);
            ctx.Writer.Write(InterleavedColors);
        }

        private static void CheckPositive(int value, string name, string message)
        {
            if (value <= 0)
            {
                throw new ArgumentOutOfRangeException(name, $"{message}. Received: {value}");
            }
        }
    }
}
