#nullable disable
namespace Microsoft.ML.Data;

/// <summary>Column types of .NET types that ML.NET does not know by itself.</summary>
public static class DataViewTypeManager
{
    private static readonly object Gate = new();
    private static readonly Dictionary<Key, DataViewType> Types = [];
    private static readonly Dictionary<DataViewType, Key> Keys = [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        ArgumentNullException.ThrowIfNull(dataViewType);
        ArgumentNullException.ThrowIfNull(type);
        if (ColumnTypeExtensions.PrimitiveTypeOrNull(type) is not null || type == typeof(VBuffer<>) || type == typeof(Nullable<>))
        {
            throw new ArgumentOutOfRangeException(
                nameof(type), $"Type {type} has a column type by default, so that it cannot be registered again.");
        }

        var key = new Key(type, typeAttribute);
        lock (Gate)
        {
            if (Types.TryGetValue(key, out DataViewType known) && !known.Equals(dataViewType))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(type), $"Repeated type register. The raw type {type} has been associated with {known} so it cannot be associated with {dataViewType}.");
            }

            if (Keys.TryGetValue(dataViewType, out Key other) && other != key)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(dataViewType), $"Repeated type register. The DataView type {dataViewType} has been associated with {other.Type} so it cannot be associated with {type}.");
            }

            Types[key] = dataViewType;
            Keys[dataViewType] = key;
        }
    }

    internal static DataViewType TypeOrNull(Type type, IEnumerable<Attribute> attributes = null)
    {
        DataViewTypeAttribute[] marks = [.. (attributes ?? []).OfType<DataViewTypeAttribute>()];
        if (marks.Length > 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(type), $"Type {type.Name} cannot be marked with multiple attributes derived from {nameof(DataViewTypeAttribute)}.");
        }

        lock (Gate)
        {
            return Types.GetValueOrDefault(new Key(type, marks.Length == 1 ? marks[0] : null));
        }
    }

    internal static bool Knows(Type type, IEnumerable<Attribute> attributes = null) => TypeOrNull(type, attributes) is not null;

    private readonly record struct Key(Type Type, DataViewTypeAttribute Attribute)
    {
        public bool Equals(Key other) => Type == other.Type
            && (Attribute is null ? other.Attribute is null : Attribute.Equals(other.Attribute));

        public override int GetHashCode() => Type.GetHashCode();
    }
}
