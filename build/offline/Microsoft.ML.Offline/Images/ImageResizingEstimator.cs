#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes an <see cref="ImageResizingTransformer"/>.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(env.Register(nameof(ImageResizingEstimator)), new ImageResizingTransformer(env, columns))
    {
    }

    /// <summary>How an image of another aspect is brought to the size.</summary>
    public enum ResizingKind : byte
    {
        /// <summary>Keep the aspect and pad.</summary>
        IsoPad = 0,

        /// <summary>Keep the aspect and crop.</summary>
        IsoCrop = 1,

        /// <summary>Stretch.</summary>
        Fill = 2,
    }

    /// <summary>Which part of an image cropping keeps.</summary>
    public enum Anchor : byte
    {
        Right = 0,
        Left = 1,
        Top = 2,
        Bottom = 3,
        Center = 4,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach (ColumnOptions options in Transformer.Columns)
        {
            Host.RequireImage(inputSchema, options.InputColumnName);
            result[options.Name] = new SchemaShape.Column(options.Name, SchemaShape.Column.VectorKind.Scalar, options.Type, false);
        }

        return new SchemaShape(result.Values);
    }

    /// <summary>What is done with one column.</summary>
    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly int ImageWidth;
        public readonly int ImageHeight;
        public readonly ResizingKind Resizing;
        public readonly Anchor Anchor;
        public readonly ImageDataViewType Type;

        public ColumnOptions(string name, int imageWidth, int imageHeight, string inputColumnName, ResizingKind resizing, Anchor cropAnchor)
        {
            Check(!string.IsNullOrEmpty(name), nameof(name), name);
            Check(imageWidth > 0, nameof(imageWidth), imageWidth);
            Check(imageHeight > 0, nameof(imageHeight), imageHeight);
            Check(Enum.IsDefined(resizing), nameof(resizing), resizing);
            Check(Enum.IsDefined(cropAnchor), nameof(cropAnchor), cropAnchor);
            Name = name;
            InputColumnName = inputColumnName ?? name;
            ImageWidth = imageWidth;
            ImageHeight = imageHeight;
            Resizing = resizing;
            Anchor = cropAnchor;
            Type = new ImageDataViewType(imageHeight, imageWidth);
        }

        public static ColumnOptions Load(ModelLoadContext ctx, string name, string inputColumnName)
        {
            int width = ctx.Reader.ReadInt32();
            int height = ctx.Reader.ReadInt32();
            var resizing = (ResizingKind)ctx.Reader.ReadByte();
            return new ColumnOptions(name, width, height, inputColumnName, resizing, (Anchor)ctx.Reader.ReadByte());
        }

        public void Save(ModelSaveContext ctx)
        {
            ctx.Writer.Write(ImageWidth);
            ctx.Writer.Write(ImageHeight);
            ctx.Writer.Write((byte)Resizing);
            ctx.Writer.Write((byte)Anchor);
        }

        private static void Check(bool condition, string parameter, object received)
        {
            if (!condition)
            {
                throw new ArgumentOutOfRangeException(parameter, $"Invalid value. Received: {received}");
            }
        }
    }
}
