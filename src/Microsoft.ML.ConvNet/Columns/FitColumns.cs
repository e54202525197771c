using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Columns;

/// <summary>The columns that a training reads and that its transformer writes; null for a label where there is no training.</summary>
internal sealed record FitColumns(string? Label, ScoringColumns Scoring)
{
    /// <summary>Whether images are brought to the network's size, so that the bytes of image files will do, too.</summary>
    public bool AreResized { get; init; }

    /// <summary>The column of what each row counts; null where all count once.</summary>
    public string? Weight { get; init; }

    /// <summary>Checks the shape of a schema that is trained on, which is all that is known before a pipeline is fitted.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="checkLabel">Throws where the label column, of which it is given a text, too, will not do.</param>
    /// <returns>The label column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that will not do.</exception>
    public SchemaShape.Column Check(IExceptionContext context, SchemaShape shape, Action<IExceptionContext, SchemaShape.Column, string> checkLabel)
    {
        CheckFeature(context, shape);
        if (Weight is not null && Find(context, shape, "weight", Weight) is var weight
            && (weight.Kind != VectorKind.Scalar || weight.IsKey || !WeightReader.CanRead(weight.ItemType)))
        {
            throw context.Mismatch(WeightReader.WrongType(weight.Name, Text(weight)));
        }

        SchemaShape.Column label = Find(context, shape, "label", Label!);
        checkLabel(context, label, Text(label));
        return label;
    }

    /// <summary>Checks the column of the images in the shape of a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of a type that will not do.</exception>
    public void CheckFeature(IExceptionContext context, SchemaShape shape)
    {
        SchemaShape.Column feature = Find(context, shape, "feature", Scoring.Feature);
        bool isImage = feature.Kind == VectorKind.Scalar && feature.ItemType is ImageDataViewType;
        bool isVector = feature.Kind == VectorKind.Vector && !feature.IsKey && PixelSource.IsPixel(feature.ItemType);
        bool isOfFiles = AreResized && feature.Kind == VectorKind.VariableVector && feature.ItemType == NumberDataViewType.Byte;
        if (!isOfFiles && feature.Kind == VectorKind.VariableVector && PixelSource.IsPixel(feature.ItemType))
        {
            throw context.Mismatch(PixelSource.UnknownSize(feature.Name, feature.ItemType));
        }

        if (!isImage && !isVector && !isOfFiles)
        {
            throw context.Mismatch(PixelSource.WrongType(feature.Name, Text(feature)));
        }
    }

    private static SchemaShape.Column Find(IExceptionContext context, SchemaShape shape, string role, string name) =>
        SchemaColumns.Find(shape, name) ?? throw context.Missing(role, name, shape.Select(column => column.Name));

    private static string Text(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!;
        return column.Kind switch
        {
            VectorKind.Vector => $"Vector<{item}>",
            VectorKind.VariableVector => $"Vector<{item}> of variable size",
            _ => item,
        };
    }
}
