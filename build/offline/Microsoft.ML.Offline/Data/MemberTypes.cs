#nullable disable
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The column types of members of row classes.</summary>
internal static class MemberTypes
{
    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The type of the values that a column for this .NET type has, and whether it is a vector of them.</summary>
    public static (bool IsVector, Type ItemType) ShapeOf(Type type)
    {
        bool isBuffer = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        Type item = type.IsArray ? type.GetElementType() : isBuffer ? type.GetGenericArguments()[0] : type;
        return (type.IsArray || isBuffer, item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item);
    }

    /// <summary>The same, for a member whose attributes may give it a type of its own.</summary>
    public static (bool IsVector, Type ItemType) ShapeOf(MemberInfo member)
    {
        (bool IsVector, Type ItemType) shape = ShapeOf(TypeOf(member));
        if (ColumnTypeExtensions.PrimitiveTypeOrNull(shape.ItemType) is null
            && !DataViewTypeManager.Knows(shape.ItemType, member.GetCustomAttributes()))
        {
            throw Failures.Param(
                "rawType", $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        }

        return shape;
    }

    public static DataViewType ColumnTypeOf(Type type)
    {
        (bool isVector, Type itemType) = ShapeOf(type);
        PrimitiveDataViewType item = ColumnTypeExtensions.PrimitiveTypeFromType(itemType);
        return isVector ? new VectorDataViewType(item) : item;
    }

    public static DataViewType ColumnTypeOf(MemberInfo member)
    {
        Attribute[] attributes = [.. member.GetCustomAttributes()];
        foreach (DataViewTypeAttribute custom in attributes.OfType<DataViewTypeAttribute>())
        {
            custom.Register();
        }

        (bool isVector, Type itemType) = ShapeOf(member);
        if (DataViewTypeManager.TypeOrNull(itemType, attributes) is DataViewType known)
        {
            return known;
        }

        PrimitiveDataViewType item = member.GetCustomAttribute<KeyTypeAttribute>() is KeyTypeAttribute key
            ? KeyTypeOf(member, itemType, key.Count)
            : ColumnTypeExtensions.PrimitiveTypeFromType(itemType);
        VectorTypeAttribute vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (!isVector)
        {
            return vector is null ? item : throw Failures.Param(
                "userType",
                $"Member {member.Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        }

        return vector?.Dimensions is { Length: > 0 } dimensions
            ? new VectorDataViewType(item, dimensions)
            : new VectorDataViewType(item);
    }

    /// <summary>A getter of one value, with strings and arrays as a column holds them.</summary>
    public static Delegate ConstantGetter<T>(T value)
    {
        switch (value)
        {
            case string text:
                return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> target) => target = text.AsMemory());
            case string[] texts:
                return ConstantVectorGetter(texts.Select(text => text.AsMemory()).ToArray());
            case Array items:
                return GenericCall.Invoke<Delegate>(
                    (Func<int[], Delegate>)ConstantVectorGetter<int>, items.GetType().GetElementType(), items);
        }

        if (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>))
        {
            return GenericCall.Invoke<Delegate>(
                (Func<VBuffer<int>, Delegate>)ConstantBufferGetter<int>, typeof(T).GetGenericArguments()[0], value);
        }

        return (ValueGetter<T>)((ref T target) => target = value);
    }

    private static Delegate ConstantVectorGetter<T>(T[] items) => ConstantBufferGetter(new VBuffer<T>(items.Length, items));

    private static Delegate ConstantBufferGetter<T>(VBuffer<T> value) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) => value.CopyTo(ref target));

    private static KeyDataViewType KeyTypeOf(MemberInfo member, Type type, ulong count) => KeyDataViewType.IsValidDataType(type)
        ? new KeyDataViewType(type, count)
        : throw Failures.Param(
            "userType",
            $"Member {member.Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
}
