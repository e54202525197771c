using Microsoft.ML.ConvNet.MLNet;
using Microsoft.ML.Data;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Schema;

/// <summary>The columns of the shape of a schema, which is all that is known before a pipeline is fitted.</summary>
internal static class SchemaColumns
{
    /// <summary>A column of a shape by its name; of several the last.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name)
    {
        for (int i = shape.Count - 1; i >= 0; i--)
        {
            if (shape[i].Name == name)
            {
                return shape[i];
            }
        }

        return null;
    }

    /// <summary>Describes a column.</summary>
    public static SchemaShape.Column New(
        string name, VectorKind kind, DataViewType itemType, bool isKey = false, IEnumerable<SchemaShape.Column>? annotations = null) =>
        MLNetConstructors.NewColumn(name, kind, itemType, isKey, annotations is null ? null : new SchemaShape(annotations));

    /// <summary>Describes a column of a prediction, with the annotations of <see cref="PredictionAnnotations"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Whether it holds vectors.</param>
    /// <param name="itemType">The type of its values.</param>
    /// <param name="annotations">Annotations before those.</param>
    /// <param name="isKey">Whether the values are keys.</param>
    public static SchemaShape.Column Prediction(
        string name, VectorKind kind, DataViewType itemType, IEnumerable<SchemaShape.Column> annotations, bool isKey = false) => New(
        name,
        kind,
        itemType,
        isKey,
        [
            .. annotations,
            New(AnnotationNames.ScoreColumnSetId, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
            New(AnnotationNames.ScoreColumnKind, VectorKind.Scalar, TextDataViewType.Instance),
            New(AnnotationNames.ScoreValueKind, VectorKind.Scalar, TextDataViewType.Instance),
        ]);

    /// <summary>A shape with columns behind the others, in the place of those of their names.</summary>
    public static SchemaShape Append(SchemaShape input, params SchemaShape.Column[] columns) =>
        new([.. input.Where(column => Array.TrueForAll(columns, added => added.Name != column.Name)), .. columns]);
}
