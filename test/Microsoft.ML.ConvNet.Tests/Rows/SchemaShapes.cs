using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>The shape of a schema, as ML.NET hands it to an estimator.</summary>
internal static class SchemaShapes
{
    public static SchemaShape Of(DataViewSchema schema) =>
        new(schema.Where(column => !column.IsHidden).Select(column => Of(column)));

    /// <summary>Asserts that a shape, which an estimator promised, is that of a schema, which its transformer gives.</summary>
    public static void AssertFits(SchemaShape promised, DataViewSchema given) => AssertSame(promised, Of(given), "the schema");

    private static void AssertSame(SchemaShape promised, SchemaShape given, string where)
    {
        CollectionAssert.AreEquivalent(given.Select(column => column.Name).ToArray(), promised.Select(column => column.Name).ToArray(), where);
        foreach (SchemaShape.Column column in given)
        {
            SchemaShape.Column other = promised.Single(candidate => candidate.Name == column.Name);
            Assert.AreEqual(column.Kind, other.Kind, column.Name);
            Assert.AreEqual(column.ItemType, other.ItemType, column.Name);
            Assert.AreEqual(column.IsKey, other.IsKey, column.Name);
            AssertSame(other.Annotations, column.Annotations, column.Name);
        }
    }

    private static SchemaShape.Column Of(DataViewSchema.Column column)
    {
        VectorKind kind = column.Type is not VectorDataViewType vector ? VectorKind.Scalar
            : vector.IsKnownSize ? VectorKind.Vector
            : VectorKind.VariableVector;
        DataViewType item = column.Type is VectorDataViewType { ItemType: var itemType } ? itemType : column.Type;
        bool isKey = item is KeyDataViewType;
        return New(column.Name, kind, isKey ? NumberOf(item) : item, isKey, Of(column.Annotations.Schema));
    }

    private static NumberDataViewType NumberOf(DataViewType key) => Type.GetTypeCode(key.RawType) switch
    {
        TypeCode.Byte => NumberDataViewType.Byte,
        TypeCode.UInt16 => NumberDataViewType.UInt16,
        TypeCode.UInt32 => NumberDataViewType.UInt32,
        _ => NumberDataViewType.UInt64,
    };

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column New(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape? annotations);
}
