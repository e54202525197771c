#nullable disable
namespace Microsoft.ML.Data;

/// <summary>Questions asked of column types, and the column types of .NET types.</summary>
internal static class ColumnTypeExtensions
{
    private static readonly (DataKind Kind, PrimitiveDataViewType Type)[] Kinds =
    [
        (DataKind.SByte, NumberDataViewType.SByte),
        (DataKind.Byte, NumberDataViewType.Byte),
        (DataKind.Int16, NumberDataViewType.Int16),
        (DataKind.UInt16, NumberDataViewType.UInt16),
        (DataKind.Int32, NumberDataViewType.Int32),
        (DataKind.UInt32, NumberDataViewType.UInt32),
        (DataKind.Int64, NumberDataViewType.Int64),
        (DataKind.UInt64, NumberDataViewType.UInt64),
        (DataKind.Single, NumberDataViewType.Single),
        (DataKind.Double, NumberDataViewType.Double),
        (DataKind.String, TextDataViewType.Instance),
        (DataKind.Boolean, BooleanDataViewType.Instance),
        (DataKind.TimeSpan, TimeSpanDataViewType.Instance),
        (DataKind.DateTime, DateTimeDataViewType.Instance),
        (DataKind.DateTimeOffset, DateTimeOffsetDataViewType.Instance),
    ];

    public static DataViewType GetItemType(this DataViewType type) => (type as VectorDataViewType)?.ItemType ?? type;

    public static int GetVectorSize(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 0;

    public static int GetValueCount(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 1;

    public static bool IsKnownSizeVector(this DataViewType type) => type.GetVectorSize() > 0;

    public static ulong GetKeyCount(this DataViewType type) => (type as KeyDataViewType)?.Count ?? 0;

    public static int GetCountAsInt32(this KeyDataViewType key) => key.Count <= int.MaxValue
        ? (int)key.Count
        : throw new InvalidOperationException($"{nameof(KeyDataViewType)}.{nameof(KeyDataViewType.Count)} exceeds int.MaxValue.");

    /// <summary>The primitive type of a .NET type, or null where there is none.</summary>
    public static PrimitiveDataViewType PrimitiveTypeOrNull(Type type)
    {
        if (type == typeof(string))
        {
            return TextDataViewType.Instance;
        }

        if (type == typeof(DataViewRowId))
        {
            return RowIdDataViewType.Instance;
        }

        return Array.Find(Kinds, entry => entry.Type.RawType == type).Type;
    }

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type) =>
        PrimitiveTypeOrNull(type) ?? throw new InvalidOperationException($"No column type holds values of type {type}.");

    public static PrimitiveDataViewType PrimitiveTypeFromKind(DataKind kind) =>
        Array.Find(Kinds, entry => entry.Kind == kind).Type
        ?? throw new InvalidOperationException($"Bad data kind. Received: {kind}");

    public static DataKind KindOf(PrimitiveDataViewType type) =>
        Array.Find(Kinds, entry => entry.Type.RawType == type.RawType) is { Type: not null } found
            ? found.Kind
            : throw new InvalidOperationException($"Type {type} has no data kind.");
}
