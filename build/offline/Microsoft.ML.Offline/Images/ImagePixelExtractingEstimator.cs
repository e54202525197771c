#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes an <see cref="ImagePixelExtractingTransformer"/>.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(env.Register(nameof(ImagePixelExtractingEstimator)), new ImagePixelExtractingTransformer(env, columns))
    {
    }

    /// <summary>A set of colours.</summary>
    [Flags]
    public enum ColorBits : byte
    {
        Alpha = 0x01,
        Red = 0x02,
        Green = 0x04,
        Blue = 0x08,
        Rgb = Red | Green | Blue,
        All = Alpha | Red | Green | Blue,
    }

    /// <summary>An order of the colours; those that are not in the set are passed over.</summary>
    public enum ColorsOrder : byte
    {
        ARGB = 1,
        ARBG = 2,
        ABRG = 3,
        ABGR = 4,
        AGRB = 5,
        AGBR = 6,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach (ColumnOptions options in Transformer.Columns)
        {
            Host.RequireImage(inputSchema, options.InputColumnName);
            result[options.Name] = new SchemaShape.Column(
                options.Name, SchemaShape.Column.VectorKind.Vector, options.ItemType, false);
        }

        return new SchemaShape(result.Values);
    }

    internal static class Defaults
    {
        public const ColorsOrder Order = ColorsOrder.ARGB;
        public const ColorBits Colors = ColorBits.Rgb;
        public const bool Interleave = false;
        public const bool Convert = true;
        public const float Scale = 1f;
        public const float Offset = 0f;
    }

    /// <summary>What is done with one column.</summary>
    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly ColorPlanes Colors;
        public readonly bool InterleavePixelColors;
        public readonly float OffsetImage;
        public readonly float ScaleImage;
        public readonly bool OutputAsFloatArray;

        public ColumnOptions(
            string name,
            string inputColumnName,
            ColorPlanes colors,
            bool interleavePixelColors,
            float offsetImage,
            float scaleImage,
            bool outputAsFloatArray)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            colors.Check("colorsToExtract");
            Name = name;
            InputColumnName = inputColumnName ?? name;
            Colors = colors;
            InterleavePixelColors = interleavePixelColors;
            OutputAsFloatArray = outputAsFloatArray;

            // Bytes are given as they are.
            OffsetImage = outputAsFloatArray ? offsetImage : Defaults.Offset;
            ScaleImage = outputAsFloatArray ? scaleImage : Defaults.Scale;
            PixelScale.Check(OffsetImage, ScaleImage);
        }

        public PrimitiveDataViewType ItemType => OutputAsFloatArray ? NumberDataViewType.Single : NumberDataViewType.Byte;

        public static ColumnOptions Load(ModelLoadContext ctx, string name, string inputColumnName)
        {
            ColorPlanes colors = ColorPlanes.Load(ctx);
            bool isFloat = ctx.Reader.ReadBoolean();
            float offset = ctx.Reader.ReadSingle();
            float scale = ctx.Reader.ReadSingle();
            return new ColumnOptions(name, inputColumnName, colors, ctx.Reader.ReadBoolean(), offset, scale, isFloat);
        }

        public void Save(ModelSaveContext ctx)
        {
            Colors.Save(ctx);
            ctx.Writer.Write(OutputAsFloatArray);
            ctx.Writer.Write(OffsetImage);
            ctx.Writer.Write(ScaleImage);
            ctx.Writer.Write(InterleavePixelColors);
        }
    }
}
